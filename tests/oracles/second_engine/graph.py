"""An edition under one body of evidence as a decision graph of GoRules (JDM).

Written from the header of rules.yaml, for complete cases. The graph itself asks which questions
apply, adds up forms, tries every rule and finds sums, leading and verdicts: nothing of decide() is
used. It needs no JavaScript: ZEN's expressions and decision tables can say all of it.

    answers > facts > rules (a table, every hit) > standing > leading (a table, first hit) > outcome
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from decisions.rules.engine.edition import Edition
from decisions.rules.questionnaire.questionnaire import Derived, Question
from evidence.domain.entries import EvidenceBase
from tests.oracles.second_engine.expressions import OF_THIS_NODE, Writer, literal
from tests.oracles.second_engine.rule_rows import rule_rows

OPTIONS = ("ketamine", "repeat_tms", "both")
HALVES = ("ketamine", "repeat_tms")


def graph_of(edition: Edition, evidence: EvidenceBase) -> str:
    """The graph as JSON text, as the engine takes it."""
    nodes = [
        {"id": "answers", "name": "answers", "type": "inputNode"},
        _expressions("facts", _facts(edition), keeps=False),
        _table("rules", "collect", rule_rows(edition, evidence), output="rules"),
        _expressions("standing", _standing()),
        _table("leading", "first", LEADING),
        _expressions("outcome", _outcome(), keeps=False),
        {"id": "result", "name": "result", "type": "outputNode"},
    ]
    ids = [node["id"] for node in nodes]
    edges = [
        {"id": f"{source}-{target}", "type": "edge", "sourceId": source, "targetId": target}
        for source, target in pairwise(ids)
    ]
    kind = "application/vnd.gorules.decision"
    return json.dumps({"contentType": kind, "nodes": nodes, "edges": edges})


# ---------------------------------------------------------------- the shapes of nodes


def _expressions(name: str, values: dict[str, str], *, keeps: bool = True) -> dict[str, Any]:
    """A node that computes values, one after another; `keeps` hands what came in on, too."""
    lines = [{"id": f"{name}-{key}", "key": key, "value": text} for key, text in values.items()]
    content = {"expressions": lines, "passThrough": keeps, "executionMode": "single"}
    return {"id": name, "name": name, "type": "expressionNode", "content": content}


def _table(
    name: str, hits: str, rows: list[dict[str, str]], output: str | None = None
) -> dict[str, Any]:
    """A decision table: `when` decides on a row, its other cells are what the row gives."""
    outputs = [key for key in rows[0] if key != "when"]
    content = {
        "hitPolicy": hits,
        "inputs": [{"id": "when", "name": "when"}],
        "outputs": [{"id": key, "name": key, "field": key} for key in outputs],
        "rules": [{"_id": f"{name}-{place}", **row} for place, row in enumerate(rows)],
        "passThrough": True,
        "outputPath": output,
        "executionMode": "single",
    }
    return {"id": name, "name": name, "type": "decisionTableNode", "content": content}


# ---------------------------------------------------------------- what is asked, and the answers


def _facts(edition: Edition) -> dict[str, str]:
    """Every question and derived value: null where the question is not applicable."""
    writer = Writer(edition.questionnaire, OF_THIS_NODE)
    facts = {}
    for question in edition.questionnaire.evaluation_order:
        for name, value in _values(question).items():
            facts[name] = f"{writer.asked(question.id)} ? ({value}) : null"
    return facts


def _values(question: Question) -> dict[str, str]:
    return {
        question.id: question.id,
        **{derived.id: _score(question.id, derived) for derived in question.derives},
    }


def _score(form: str, derived: Derived) -> str:
    if derived.item is None:
        return f"{form}.items == null ? {form}.total : sum({form}.items)"
    return f"{form}.items == null ? {form}.item{derived.item} : {form}.items[{derived.item - 1}]"


# ---------------------------------------------------------------- sums, leading and verdicts


def _standing() -> dict[str, str]:
    """What the true rules add up to for each option, who is open, the top and who is close."""
    lines = {"urgent": _any_rule("#.effect == 'urgent'")}
    for option in OPTIONS:
        lines[f"stopped.{option}"] = _any_rule(f"#.effect == 'stop' and {_carried(option)}")
        lines[f"reviewed.{option}"] = _any_rule(f"#.effect == 'review' and {_carried(option)}")
        lines[f"barred.{option}"] = _any_rule(f"#.bars and {_carried(option)}")
        lines[f"own.{option}"] = f"sum(map(filter(rules, '{option}' in #.options), #.points))"
    lines |= {f"totals.{option}": f"$.own.{option}" for option in HALVES}
    lines["lower"] = f"min([{', '.join(f'$.totals.{option}' for option in HALVES)}])"
    lines["totals.both"] = "min([$.lower, $.lower + $.own.both])"
    lines["counts"] = _any_rule("#.effect == 'favour' and 'both' in #.options and #.points > 0")
    for option in OPTIONS:
        is_open = f"not ($.stopped.{option} or $.barred.{option})"
        lines[f"open.{option}"] = is_open + (" and $.counts" if option == "both" else "")
    lines["proven"] = _any_rule("#.effect == 'favour' and 'both' in #.options and #.proves")
    lines["openOptions"] = f"filter({literal(list(OPTIONS))}, $.open[#])"
    lines["openTotals"] = "map($.openOptions, $.totals[#])"
    lines["top"] = "len($.openOptions) == 0 ? 0 : max($.openTotals)"
    lines["level"] = "filter($.openOptions, $.totals[#] >= 1 and $.totals[#] >= $.top - 1)"
    return lines


def _any_rule(test: str) -> str:
    return f"some(rules, {test})"


def _carried(option: str) -> str:
    """Whether a rule concerns an option: `both` carries what its halves carry."""
    if option != "both":
        return f"'{option}' in #.options"
    return "(" + " or ".join(f"'{one}' in #.options" for one in OPTIONS) + ")"


LEADING = [
    {"when": "urgent", "leading": "[]", "close": "[]", "by_preference": "false"},
    {
        "when": "top < 2",
        "leading": "[]",
        "close": "len(level) > 1 ? level : []",
        "by_preference": "false",
    },
    {"when": "len(level) == 1", "leading": "level", "close": "[]", "by_preference": "false"},
    {
        "when": "preference in level",
        "leading": "[preference]",
        "close": "level",
        "by_preference": "true",
    },
    {"when": "", "leading": "[]", "close": "level", "by_preference": "false"},
]


def _outcome() -> dict[str, str]:
    """The result: who leads, and for each option its verdict and every reason.

    The verdicts stand in the order of the header. Nothing is unknown in a complete case.
    """
    lines = {name: name for name in ("leading", "close", "by_preference")}
    lines["urgent"] = _listed("#.effect == 'urgent'")
    lines["notes"] = _listed("#.effect == 'note' and len(#.options) == 0")
    for option in OPTIONS:
        leads = f"'{option}' in leading" + (" and proven" if option == "both" else "")
        lines[f"options.{option}.barred"] = f"barred.{option}"
        lines[f"options.{option}.verdict"] = (
            f"stopped.{option} ? 'not_suitable' : reviewed.{option} ? 'specialist_review' : "
            f"(barred.{option} or totals.{option} < 0) ? 'less_suitable' : "
            f"({leads}) ? 'favoured' : 'reasonable'"
        )
        for name, test in _reasons(option).items():
            lines[f"options.{option}.{name}"] = _listed(test)
    return lines


def _reasons(option: str) -> dict[str, str]:
    """Which true rules stand where: reasons for and against `both` are its own."""
    own, carried = f"'{option}' in #.options", _carried(option)
    return {
        "stops": f"#.effect == 'stop' and {carried}",
        "reviews": f"#.effect == 'review' and {carried}",
        "bars": f"#.bars and {carried}",
        "for": f"#.points > 0 and {own}",
        "against": f"#.points < 0 and {own}",
        "silent": f"#.effect in ['favour', 'against'] and #.points == 0 and {own}",
        "notes": f"#.effect == 'note' and {carried}",
    }


def _listed(test: str) -> str:
    return f"map(filter(rules, {test}), #.reason)"
