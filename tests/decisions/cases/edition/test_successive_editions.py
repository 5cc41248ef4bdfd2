"""Each edition of ours after the one before it: what a case meets that is moved."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from decisions.cases.case_file import CaseFile
from decisions.cases.edition.presenters import present_move, verdict_rows
from decisions.cases.models import Answer, Case
from decisions.rules.edition_answers import counting
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition_changes import outcome_changes, question_changes
from decisions.rules.loading import edition_ids, folder_of, load_edition
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.answers import Answers
from evidence.loading import load_dossier
from evidence.strict_yaml import read_yaml

DAY = date(2026, 11, 20)
WITHDRAWAL = "alcohol_or_sedative_withdrawal"
PAIRS = list(pairwise(edition_ids()))


def patients(edition_id: str) -> list[dict[str, Any]]:
    raw: Any = read_yaml(folder_of(edition_id) / "vignettes.yaml")
    return list(raw)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_every_question_that_is_new_or_asked_otherwise_has_a_name(before: str, after: str) -> None:
    earlier, later = load_edition(before), load_edition(after)

    found = question_changes(earlier.questionnaire, later.questionnaire)

    names = question_names(after)
    assert {*found.new, *(one.question for one in found.otherwise)} <= names.keys()
    assert set(found.gone) <= question_names(before).keys()


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_every_vignette_can_be_moved_and_loses_no_answer_unseen(before: str, after: str) -> None:
    earlier, later, evidence = load_edition(before), load_edition(after), load_dossier()
    found = question_changes(earlier.questionnaire, later.questionnaire)
    told = {*found.gone, *(one.question for one in found.otherwise)}

    for one in patients(before):
        answers = one["answers"]
        taken = counting(after, answers, asked_by=before)
        was = decide(earlier, Answers.read(earlier.questionnaire, answers), evidence)
        now = decide(later, Answers.read(later.questionnaire, taken), evidence)
        changes = outcome_changes(was, now)

        assert answers.keys() - taken.keys() <= told, one["id"]
        assert all(one.now or one.waits_for for one in changes.stricter), one["id"]
        assert verdict_rows(changes.verdicts, before, after) or not changes.verdicts


def test_relief_within_days_is_asked_again_since_failing_safety_is_its_own_answer() -> None:
    answers = {"speed_needed": "days", "heart": "none"}

    assert counting("2026.2", answers, asked_by="2026.1") == {"heart": "none"}
    assert counting("2026.2", {"speed_needed": "weeks"}, asked_by="2026.1")
    assert counting("2026.2", answers, asked_by="2026.2") == answers


def test_withdrawal_stays_first_while_it_is_asked_apart_from_medicines() -> None:
    """2026.2 asks for it in a question of its own, which nobody has answered before the move."""
    answers = {**patients("2026.1")[0]["answers"], "threshold_factors": [WITHDRAWAL]}
    case = Case(edition="2026.1")
    rows = {
        name: Answer(case=case, question=name, value=raw, edition="2026.1", assessed_on=DAY)
        for name, raw in answers.items()
    }

    page = present_move(CaseFile(case=case, rows=rows, evidence_stamp=None))

    assert page is not None
    assert (page.urgent, page.no_longer_urgent) == ((), ())
    assert page.leads_before == page.leads_after == ""
