#!/usr/bin/env bash
# feelin 8.2.0: a decision-table test written with "?" holds for a missing value.
#
# In FEEL, "?" names the value under test, so that "> 3" and "? > 3" should say the same. For a
# missing value (null) the first is false and the second is true, and so are "? < 3" and
# "? + 1 > 3": the expression comes out as null, and null equals the null that is tested.
# The negations differ, too: "not(> 3)" holds for null, and "not(? > 3)" does not.
#
# Seen for null, 2, 5:
#   > 3         false false true
#   ? > 3       true  false true
#   ? < 3       true  true  false
#   not(> 3)    true  true  false
#   not(? > 3)  false true  false
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" feelin@8.2.0

cat >"$folder/ask.mjs" <<'JS'
import { unaryTest } from "feelin";

for (const test of ["> 3", "? > 3", "? < 3", "not(> 3)", "not(? > 3)"]) {
  const results = [null, 2, 5].map((value) => unaryTest(test, { "?": value }).value);
  console.log(`${test}: ${results.join(" ")}`);
}
JS
seen=$(node "$folder/ask.mjs")
echo "$seen"
[ "$seen" = "> 3: false false true
? > 3: true false true
? < 3: true true false
not(> 3): true true false
not(? > 3): false true false" ]
