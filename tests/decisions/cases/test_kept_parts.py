"""Parts of pages that are drawn once: the same text, nothing of anybody in it, none out of date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Model
from django.template import Context
from django.template.loader import render_to_string

from decisions.cases.case_file import CaseFile
from decisions.cases.decision import reasons
from decisions.cases.decision.cited import cited_by
from decisions.cases.decision.guidelines import guidelines_today
from decisions.cases.decision.presenters import DecisionPage, present_decision
from decisions.cases.decision.sensitivity import present_robustness
from decisions.cases.models import Answer, Case
from decisions.cases.section import drawn_question as drawn_questions
from decisions.cases.section.drawn_question import drawn_question
from decisions.cases.section.presenters import present_question
from decisions.cases.section.question_view import QuestionView
from decisions.cases.section.undoing import Previous
from decisions.cases.so_far import so_far
from decisions.documents.words.reading import result_words
from decisions.rules.engine.rules import OptionId
from decisions.rules.loading import CURRENT_EDITION
from evidence.domain.entries import EvidenceBase
from evidence.guide.reading import pair_beside
from evidence.loading import load_dossier
from kapnet.core.web import kept_parts
from tests.collecting import for_each
from tests.decisions.letters.letter_factories import vignettes

NAME, DAY, CASE = "Ottilie Never-Kept", date(2026, 11, 20), UUID(int=7)
SAVED = datetime(2026, 11, 20, 15, tzinfo=UTC)
"""One moment for all: a page that is drawn a minute later says another."""


def file_of(answers: dict[str, Any], evidence: EvidenceBase | None = None) -> CaseFile:
    """A case that no database knows."""
    case = Case(id=CASE, edition=CURRENT_EDITION, patient_name=NAME, number=1)
    rows = {
        name: Answer(
            question=name,
            value=raw,
            edition=CURRENT_EDITION,
            assessed_on=DAY,
            saved_at=SAVED,
        )
        for name, raw in answers.items()
        if raw is not None
    }
    file = CaseFile(case=case, rows=rows, evidence_stamp=None)
    vars(file)["evidence"] = evidence or load_dossier()
    return file


def page_of(file: CaseFile) -> DecisionPage:
    return present_decision(
        case_line=(NAME,),
        edition=file.edition,
        outcome=file.shown,
        answers_in_words=file.answers_in_words,
        cited=cited_by(file.outcome, file.evidence),
        endings=file.endings,
        decisive=file.reckoned.decisive,
        robustness=present_robustness(file),
        of_the_pair=pair_beside(file.endings),
        guidelines=guidelines_today(file.endings),
    )


def drawn(file: CaseFile) -> str:
    """What of a decision page and of a section's page is kept in parts, and what stands around."""
    words = {"edition_words": result_words(CURRENT_EDITION), "case": file.case}
    page = {**words, "page": page_of(file), "open_layers": ()}
    layers = ("reasons", "both", "plan", "guidelines")
    return "".join(
        (
            render_to_string("decisions/_ways.html", page),
            *(render_to_string(f"decisions/layers/{name}.html", page) for name in layers),
            render_to_string("decisions/_so_far.html", {**words, "so_far": so_far(file)}),
            *(
                drawn_question(Context(words), present_question(file, one), is_sent=False)
                for one in file.edition.questionnaire.questions
                if file.answers.is_known(one.id) and not one.instrument  # no row is asked for
            ),
        )
    )


@pytest.fixture
def not_kept(monkeypatch: pytest.MonkeyPatch) -> Callable[[CaseFile], str]:
    """Draws with nothing kept."""

    def draw(file: CaseFile) -> str:
        with monkeypatch.context() as patch:
            patch.setattr(kept_parts, "_drawn", kept_parts._drawn.__wrapped__)
            for one in (reasons, drawn_questions):
                patch.setattr(one, "_pieces", one._pieces.__wrapped__)
            return drawn(file)

    return draw


@pytest.mark.slow
@for_each("name", sorted(vignettes()))
def test_kept_parts_say_what_they_would_say_if_they_were_drawn_each_time(
    name: str, not_kept: Callable[[CaseFile], str]
) -> None:
    answers = dict(vignettes()[name])

    assert drawn(file_of(answers)) == not_kept(file_of(answers))


def test_another_release_shows_its_own_text_at_once(
    not_kept: Callable[[CaseFile], str],
) -> None:
    answers = dict(vignettes()["responder-relapsed"])
    now = file_of(answers)
    before = drawn(now)
    cited = next(
        one.evidence[0] for one in now.outcome.options[OptionId.KETAMINE].favour if one.evidence
    )
    without = load_dossier().with_retracted(frozenset({cited.key}))

    for _ in range(2):
        after = drawn(file_of(answers, without))
        assert after == not_kept(file_of(answers, without))
        assert f"<s>{cited.label}</s>" in after
        assert drawn(file_of(answers)) == before
    assert f"<s>{cited.label}</s>" not in before


def test_nothing_of_a_case_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[tuple[object, str]] = []
    keep, keep_pieces = kept_parts._drawn.__wrapped__, drawn_questions._pieces.__wrapped__

    def watched(template: str, given: tuple[tuple[str, Any], ...]) -> str:
        part = keep(template, given)
        kept.extend((value, part) for _, value in given)
        return part

    def watched_pieces(*given: Any) -> kept_parts.Pieces:
        pieces = keep_pieces(*given)
        kept.extend((value, "".join(pieces)) for value in given)
        return pieces

    monkeypatch.setattr(kept_parts, "_drawn", watched)
    monkeypatch.setattr(drawn_questions, "_pieces", watched_pieces)
    file = file_of({**vignettes()["responder-relapsed"], "bp_systolic": 197})
    page = drawn(file)

    pressure = present_question(file, file.edition.questionnaire.question("bp_systolic"))
    of_the_case = (NAME, str(CASE), "197", "csrf", "nonce", str(pressure.token))
    assert all(one in page for one in (str(CASE), "197", str(pressure.token)))
    assert len({part for _, part in kept}) > 100
    assert [one for (_, part), one in product(kept, of_the_case) if one in part] == []
    assert [value for value, _ in kept if isinstance(value, Model | CaseFile)] == []


def test_what_was_typed_is_put_in_escaped_and_is_on_no_other_page() -> None:
    file = file_of(dict(vignettes()["responder-relapsed"]))
    question = file.edition.questionnaire.question("bp_systolic")
    plain = present_question(file, question)
    hostile = "\"'><script>\x00why\x00{{ view.why }}</script>"
    typed = replace(
        plain,
        previous=Previous(hostile, DAY, hostile),
        filled=replace(plain.filled, text=hostile, chosen=(hostile,), assessed_on=hostile),
    )

    def draw(view: QuestionView) -> str:
        return drawn_question(Context({}), view, is_sent=False)

    before = draw(plain)
    shown = draw(typed)

    assert "<script" not in shown
    assert shown.count(escape(hostile)) == 3  # the number, the day and the words
    assert draw(plain) == before
    assert "script" not in before
    assert "Undo" not in before
    assert draw(typed) == shown
