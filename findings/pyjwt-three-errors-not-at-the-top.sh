#!/usr/bin/env bash
# PyJWT 2.15.1: three of its errors are not names of the package, though their neighbors are.
#
# `jwt.InvalidIssuerError`, `jwt.InvalidIssuedAtError` and `jwt.MissingRequiredClaimError` can be caught.
# `jwt.InvalidSubjectError`, `jwt.InvalidJTIError` and `jwt.MissingCryptographyError` are in
# jwt.exceptions alone. An `except jwt.InvalidJTIError` is first evaluated when a token is refused:
# then it is an AttributeError, and the refusal becomes a fault of the server.
#
# Seen for an audience that is wrong, caught by `except jwt.InvalidJTIError` and then by
# `except jwt.InvalidAudienceError`: AttributeError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq "pyjwt==2.15.1"

cat >"$folder/look.py" <<'PY'
import sys

import jwt
from jwt import exceptions

errors = [name for name in dir(exceptions) if name.endswith("Error")]
missing = [name for name in errors if not hasattr(jwt, name)]
print("in jwt.exceptions:", len(errors), "| not in jwt:", ", ".join(missing))
token = jwt.encode({"aud": "a"}, "k" * 32, "HS256")
try:
    try:
        jwt.decode(token, "k" * 32, algorithms=["HS256"], audience="b")
    except jwt.InvalidJTIError:
        seen = "caught as another"
    except jwt.InvalidAudienceError:
        seen = "caught"
except AttributeError as error:
    seen = type(error).__name__
print("a wrong audience:", seen)
expected = ["InvalidJTIError", "InvalidSubjectError", "MissingCryptographyError"]
sys.exit(missing != expected or seen != "AttributeError")
PY
"$folder/venv/bin/python" "$folder/look.py"
