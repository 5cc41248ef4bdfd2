#!/usr/bin/env bash
# citeproc-py 0.11.1 cites a work without its year when the issue spans months of one year.
#
# CSL-JSON writes "March to May 2020" as two date-parts. A style that prints only the year of the
# work, as author-date styles do in the text, gets an empty string from citeproc-py, without a
# warning. citeproc-js 2.4.63 prints the year.
#
# Seen, for Ng, March to May 2020 and for Ng, March 2020:
#   citeproc-py  (Ng) and (Ng 2020)
#   citeproc-js  (Ng 2020) and (Ng 2020)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq citeproc-py==0.11.1
npm install --silent --no-audit --no-fund --prefix "$folder" citeproc@2.4.63

cat >"$folder/style.csl" <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" default-locale="en-US">
  <info><title>Author and year</title><id>author-and-year</id><updated>2027-01-01T00:00:00+00:00</updated></info>
  <citation>
    <layout prefix="(" suffix=")">
      <names variable="author"><name form="short"/></names>
      <date variable="issued" prefix=" "><date-part name="year"/></date>
    </layout>
  </citation>
</style>
XML
cat >"$folder/locale.xml" <<'XML'
<?xml version="1.0" encoding="utf-8"?>
<locale xmlns="http://purl.org/net/xbiblio/csl" version="1.0" xml:lang="en-US"><terms><term name="and">and</term><term name="et-al">et al.</term></terms></locale>
XML
cat >"$folder/works.json" <<'JSON'
[
  {"id": "span", "type": "article-journal", "title": "A", "author": [{"family": "Ng"}], "issued": {"date-parts": [[2020, 3], [2020, 5]]}},
  {"id": "month", "type": "article-journal", "title": "B", "author": [{"family": "Ng"}], "issued": {"date-parts": [[2020, 3]]}}
]
JSON
cat >"$folder/cite.py" <<'PY'
import json
import sys

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

folder = sys.argv[1]
for work in json.load(open(f"{folder}/works.json")):
    style = CitationStylesStyle(f"{folder}/style.csl", validate=False)
    works = CitationStylesBibliography(style, CiteProcJSON([work]), formatter.plain)
    citation = Citation([CitationItem(work["id"])])
    works.register(citation)
    print("citeproc-py", works.cite(citation, lambda item: None))
PY
cat >"$folder/cite.mjs" <<'JS'
import { readFileSync } from "node:fs";
import CSL from "citeproc";

const text = (name) => readFileSync(`${process.argv[2]}/${name}`, "utf8");
for (const work of JSON.parse(text("works.json"))) {
  const system = { retrieveLocale: () => text("locale.xml"), retrieveItem: () => structuredClone(work) };
  const engine = new CSL.Engine(system, text("style.csl"), "en-US");
  engine.updateItems([work.id]);
  console.log("citeproc-js", engine.makeCitationCluster([{ id: work.id }]));
}
JS
seen=$("$folder/venv/bin/python" "$folder/cite.py" "$folder"; node "$folder/cite.mjs" "$folder")
echo "$seen"
[ "$seen" = "citeproc-py (Ng)
citeproc-py (Ng 2020)
citeproc-js (Ng 2020)
citeproc-js (Ng 2020)" ]
