#!/usr/bin/env bash
# nbib 0.3.2 and pubmed_parser 0.5.1 read a paper under an expression of concern like any other.
#
# PubMed marks the paper itself only by a link: ECI in the tagged format, CommentsCorrections with
# RefType="ExpressionOfConcernIn" in XML. (A retraction adds the type "Retracted Publication", which
# both readers keep.) Both readers drop all such links, and no field of their result can tell.
#
# Seen, for a record with and without the link: the results are equal in both readers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq nbib==0.3.2 pubmed_parser==0.5.1

cat >"$folder/look.py" <<'PY'
import gzip
import sys
from pathlib import Path

import nbib
import pubmed_parser

FOLDER = Path(sys.argv[1])
TAGGED = """PMID- 99999999
TI  - An invented trial.
FAU - Okafor, Ada
AU  - Okafor A
PT  - Journal Article
{link}TA  - Invent J

"""
TAGGED_LINK = "ECI - Invent J. 2021 Jan;1(1):1. PMID: 99999998\n"
XML = """<?xml version="1.0"?>
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">99999999</PMID>
<Article PubModel="Print"><Journal><JournalIssue CitedMedium="Print"><Volume>1</Volume>
<PubDate><Year>2020</Year></PubDate></JournalIssue><Title>Invented journal</Title></Journal>
<ArticleTitle>An invented trial.</ArticleTitle>
<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>
</Article><MedlineJournalInfo><MedlineTA>Invent J</MedlineTA></MedlineJournalInfo>{link}
</MedlineCitation></PubmedArticle></PubmedArticleSet>"""
XML_LINK = """<CommentsCorrectionsList><CommentsCorrections RefType="ExpressionOfConcernIn">
<RefSource>Invent J. 2021</RefSource><PMID Version="1">99999998</PMID>
</CommentsCorrections></CommentsCorrectionsList>"""


def from_xml(text):
    path = FOLDER / "works.xml.gz"
    path.write_bytes(gzip.compress(text.encode()))
    return list(pubmed_parser.parse_medline_xml(str(path)))


pairs = {
    "nbib": [nbib.read(TAGGED.format(link=link)) for link in (TAGGED_LINK, "")],
    "pubmed_parser": [from_xml(XML.format(link=link)) for link in (XML_LINK, "")],
}
for reader, (under_concern, other) in pairs.items():
    print(reader, "tells them apart:", under_concern != other)
    print("  ", {name: value for name, value in under_concern[0].items() if value})
same = all(under_concern == other and len(other) == 1 for under_concern, other in pairs.values())
sys.exit(not same)
PY
"$folder/venv/bin/python" "$folder/look.py" "$folder"
