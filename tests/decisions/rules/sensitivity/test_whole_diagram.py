"""The diagram that is kept beside an edition, and what answers leave of a diagram."""

from __future__ import annotations

from decisions.rules.engine.rules import OptionId
from decisions.rules.loading import folder_of, load_edition
from decisions.rules.sensitivity.kept_diagrams import (
    FILE,
    KeptDiagram,
    diagram_of,
    made_from,
    make_diagram,
)
from decisions.rules.sensitivity.leading_rules import rules_for_leading
from decisions.rules.sensitivity.whole_diagram import Completions, WholeDiagram
from evidence.loading import load_dossier
from tests.collecting import for_each
from tests.decisions.rules.cases import EVERY_EDITION

KETAMINE, REPEAT_TMS, _ = ((option,) for option in OptionId)
DIAGRAM = WholeDiagram(
    questions=("heart", "speed", "wish"),
    ends=((), KETAMINE, REPEAT_TMS),
    branchings=((2, (1, 2, 1)), (1, (3, 2)), (0, (4, 0))),
)
"""With a bad heart nothing leads; else ketamine or TMS, by speed and one of three wishes."""


@for_each(
    ("left_open", "ends", "questions"),
    [
        ((None, None, None), {(), KETAMINE, REPEAT_TMS}, {"heart", "speed", "wish"}),
        (((1,), None, None), {()}, set()),
        (((0,), None, None), {KETAMINE, REPEAT_TMS}, {"speed", "wish"}),
        (((0,), (1,), None), {REPEAT_TMS}, set()),
        (((0,), None, (0, 2)), {KETAMINE, REPEAT_TMS}, {"speed"}),
        ((None, (0,), (0, 2)), {(), KETAMINE}, {"heart"}),
        (((0,), (0,), (2,)), {KETAMINE}, set()),
    ],
)
def test_answers_leave_the_ends_and_questions_of_their_completions(
    left_open: tuple[tuple[int, ...] | None, ...],
    ends: set[tuple[OptionId, ...]],
    questions: set[str],
) -> None:
    assert DIAGRAM.completions(left_open) == Completions(frozenset(ends), frozenset(questions))


@for_each("edition_id", EVERY_EDITION)
def test_kept_diagram_is_the_one_that_its_edition_makes(edition_id: str) -> None:
    edition = load_edition(edition_id)
    rules = tuple(rules_for_leading(edition, load_dossier()))

    kept = KeptDiagram.model_validate_json((folder_of(edition_id) / FILE).read_bytes())

    assert kept.made_from == made_from(edition, rules), f"manage.py prove {edition_id} --write"
    assert kept.diagram == make_diagram(edition, rules)


def test_evidence_that_takes_weight_away_makes_a_diagram_of_its_own() -> None:
    edition, evidence = load_edition(), load_dossier()
    cited = frozenset(key for rule in edition.rules for key in rule.evidence)
    rules, without = (
        tuple(rules_for_leading(edition, one)) for one in (evidence, evidence.with_retracted(cited))
    )

    found = diagram_of(edition, without)

    assert made_from(edition, without) != made_from(edition, rules)
    assert found == make_diagram(edition, without) != diagram_of(edition, rules)
