#!/usr/bin/env bash
# fhir.resources 8.3.0 reads 10.50 as 10.5, and writes 10.5 for a Decimal that it holds as 10.50.
#
# FHIR keeps the digits of a decimal: 10.50 is measured finer than 10.5. The models hold a Decimal,
# so that nothing seems to be lost. Reading JSON goes through a float, and so does writing; a number
# of more than 17 digits comes out as another number.
#
# Seen:
#   read  10.50                    10.5
#   write Decimal("10.50")         10.5, from a field that holds Decimal("10.50")
#   read  12345678901234567890.12  1.2345678901234567E+19
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq fhir.resources==8.3.0 fhir-core==1.1.12

cat >"$folder/ask.py" <<'PY'
from decimal import Decimal

from fhir.resources.quantity import Quantity

print("read", Quantity.model_validate_json('{"value": 10.50}').value)
held = Quantity(value=Decimal("10.50"))
print("held", held.value, "written", held.model_dump_json())
print("read", Quantity.model_validate_json('{"value": 12345678901234567890.12}').value)
PY
seen=$("$folder/venv/bin/python" "$folder/ask.py")
echo "$seen"
[ "$seen" = 'read 10.5
held 10.50 written {"value":10.5}
read 1.2345678901234567E+19' ]
