#!/usr/bin/env bash
# zen-engine 2.1.3: a cell of a decision table that cannot be worked out counts as "no match".
#
# A table has the two rows "> 9" and "<= 9", which cover every number. Given the text "21", or no
# score at all, the table answers {} without an error: both cells failed, and a failed cell is a row
# that does not match. The same test as an expression raises. A rule and its opposite can thus both
# be false, and an answer of the wrong type looks like an answer that no rule speaks about.
#
# Seen:
#   score 21      {'band': 'high'}
#   score "21"    {}
#   no score      {}
#   expression score > 9 with "21": raises
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq zen-engine==2.1.3

cat >"$folder/ask.py" <<'PY'
import json
import sys

import zen


def table(*rows):
    """A decision of one table: a test of score, and what the column band says."""
    place = {"x": 0, "y": 0}
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": "test", "name": "Test", "field": "score"}],
        "outputs": [{"id": "band", "name": "Band", "field": "band"}],
        "rules": [
            {"_id": str(number), "test": test, "band": band}
            for number, (test, band) in enumerate(rows)
        ],
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "table", "type": "decisionTableNode", "name": "table", "position": place, "content": content},
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


bands = table(("> 9", '"high"'), ("<= 9", '"low"'))
seen = [bands.evaluate(given)["result"] for given in ({"score": 21}, {"score": "21"}, {})]
print('score 21, score "21", no score:', *seen)
try:
    zen.evaluate_expression("score > 9", {"score": "21"})
except RuntimeError:
    raised = True
else:
    raised = False
print("the expression raises:", raised)
sys.exit((seen, raised) != ([{"band": "high"}, {}, {}], True))
PY
"$folder/venv/bin/python" "$folder/ask.py"
