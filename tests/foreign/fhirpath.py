"""Reads {resource, expression}, one JSON a line, and prints what fhirpathpy finds, one list a line.

Without the model it finds nothing: `value` is a choice of types.
"""

import json
import sys

from fhirpathpy import evaluate
from fhirpathpy.models import models

for line in sys.stdin:
    asked = json.loads(line)
    resource = asked["resource"]
    found = evaluate(resource, asked["expression"], {"resource": resource}, models["r4"])
    print(json.dumps(found))
