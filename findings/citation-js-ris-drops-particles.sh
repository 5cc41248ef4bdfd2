#!/usr/bin/env bash
# citation-js (core 0.8.2, plugin-ris 0.8.2) writes the author "van der Berg" as "Berg" into RIS.
#
# CSL keeps the particle of a name in a field of its own. The RIS output uses family, given and
# suffix, and leaves out both kinds of particle: who reads the file gets another surname, which
# sorts elsewhere and finds nothing. The suffix is kept, and the input of RIS is right.
#
# Seen:
#   van der Berg, Bo -> AU  - Berg, Bo
#   Ana de la Cruz   -> AU  - Cruz, Ana
#   King Jr., Martin -> AU  - King, Martin, Jr.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" @citation-js/core@0.8.2 @citation-js/plugin-ris@0.8.2

cat >"$folder/write.mjs" <<'JS'
import { Cite } from "@citation-js/core";
import "@citation-js/plugin-ris";

const work = {
  id: "invented",
  type: "article-journal",
  title: "An invented trial",
  author: [
    { family: "Berg", given: "Bo", "non-dropping-particle": "van der" },
    { family: "Cruz", given: "Ana", "dropping-particle": "de la" },
    { family: "King", given: "Martin", suffix: "Jr." },
  ],
};
const lines = new Cite(work).format("ris").split("\n");
console.log(lines.filter((line) => line.startsWith("AU")).join("\n"));
JS
seen=$(node "$folder/write.mjs")
echo "$seen"
[ "$seen" = "AU  - Berg, Bo
AU  - Cruz, Ana
AU  - King, Martin, Jr." ]
