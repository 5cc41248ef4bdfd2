#!/usr/bin/env bash
# UCUM reads mg/kg.h as milligram hours per kilogram, and a validator calls it valid.
#
# A rate of infusion is mg/kg/h. Written with the SI habit "mg/(kg.h)" but without the parentheses
# it is still a valid UCUM unit with another meaning: / and . have the same rank and are read from
# left to right. @lhncbc/ucum-lhc 7.1.10 says "valid", and only a conversion shows the mistake.
#
# Seen:
#   mg/kg.h    valid; 1 of it is 60 mg.min/kg; cannot be turned into mg/kg/h
#   mg/(kg.h)  valid; 1 of it is 1 mg/kg/h
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" @lhncbc/ucum-lhc@7.1.10

cat >"$folder/ask.mjs" <<'JS'
import ucum from "@lhncbc/ucum-lhc";

const units = ucum.UcumLhcUtils.getInstance();
for (const unit of ["mg/kg.h", "mg/(kg.h)"]) {
  const rate = units.convertUnitTo(unit, 1, "mg/kg/h");
  const product = units.convertUnitTo(unit, 1, "mg.min/kg");
  console.log(
    `${unit}: ${units.validateUnitString(unit).status}; in mg/kg/h ${rate.status} ${rate.toVal};`,
    `in mg.min/kg ${product.status} ${product.toVal === null ? null : product.toVal.toFixed(3)}`,
  );
}
JS
seen=$(node "$folder/ask.mjs")
echo "$seen"
[ "$seen" = "mg/kg.h: valid; in mg/kg/h failed null; in mg.min/kg succeeded 60.000
mg/(kg.h): valid; in mg/kg/h succeeded 1; in mg.min/kg failed null" ]
