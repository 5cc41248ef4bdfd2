"""A letter as templates show it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from decisions.cases.edition.presenters import JudgedView, judged_view
from decisions.cases.question_links import QuestionLink, link_to
from decisions.consents.forms import SourceForm
from decisions.documents.contradictions.compared import (
    FACTS,
    HISTORY,
    HOW_SOON,
    PLAN,
    REPLY_BY,
    Mismatch,
)
from decisions.documents.letter.blocks import Block, Letter
from decisions.documents.letter.loading import load_words
from decisions.letters.composition import Composition
from decisions.letters.recipients import likely_recipients
from decisions.letters.verification.codes import qr_code
from decisions.rules.question_names import question_names

Columns = tuple[tuple[str, ...], ...]

SCREENS = ("tms_safety", "ketamine_safety")
ABOVE = ("scores", "tms_courses", "trials")
BELOW = ("plan", "sources")


def annex_rows(letter: Letter) -> tuple[Columns, ...]:
    """The annex from top to bottom: rows of one or two columns, each of some blocks."""
    middle = tuple(block.id for block in letter.annex if block.id not in ABOVE + BELOW)
    right_from = SCREENS[1] if set(SCREENS) <= set(middle) else "psychiatric"
    half = middle.index(right_from) if right_from in middle else len(middle)
    columns = tuple(filter(None, (middle[:half], middle[half:])))
    return (*(((name,),) for name in ABOVE), columns, *(((name,),) for name in BELOW))


def present_letter(letter: Letter) -> dict[str, object]:
    """The context of `_letter.html`: the letter, its three heads, and the rows of its annex."""
    rows = [[_blocks(letter, column) for column in row] for row in annex_rows(letter)]
    words = load_words(letter.edition)
    return {
        "letter": letter,
        "qr": qr_code(letter.check_address) if letter.check_address else "",
        "check_words": words.head["check_picture"],
        "heads": (("from", letter.sender), ("to", letter.recipient), ("dated", letter.dated)),
        "annex_rows": [row for row in rows if any(row)],
    }


def _blocks(letter: Letter, names: tuple[str, ...]) -> list[Block]:
    """The blocks of one column; a letter may lack some."""
    return [block for name in names for block in letter.annex if block.id == name]


PLACES = {
    HISTORY: "Treatment history",
    FACTS: "Facts for the letter",
    PLAN: "Plan of days",
    HOW_SOON: "How soon",
    REPLY_BY: "Reply by",
}
"""Where what does not fit can be changed, besides answers."""


@dataclass(frozen=True)
class MissingRow:
    """One line of "Before you can sign": what is missing, and the link to where it is added."""

    label: str
    url: str


def present_missing(composition: Composition) -> list[MissingRow]:
    """The lines of "Before you can sign"."""
    return [MissingRow(one.label, _where(one.where, composition)) for one in composition.missing]


def present_to_do(composition: Composition) -> dict[str, object]:
    """The context of "Before you can sign", and of whom the letter may go to."""
    asks_for_source = any(one.where == "consents" for one in composition.missing)
    row, request = composition.letter, composition.material.request
    return {
        "missing": present_missing(composition),
        "gaps": composition.gaps,
        "mismatches": [_mismatch(one, composition) for one in composition.mismatches],
        "words_found": composition.words_found,
        "source_form": SourceForm() if asks_for_source else None,
        "likely": [] if row.recipient_site_id else likely_recipients(request.option or ""),
        "asks_for_two": composition.material.asks_for_two_treatments,
        "asks_for_none_now": composition.material.asks_for_none_now,
    }


@dataclass(frozen=True)
class MismatchRow:
    """What does not fit, in a sentence, and where its parts can be changed."""

    says: str
    links: tuple[QuestionLink, ...]


def _mismatch(mismatch: Mismatch, composition: Composition) -> MismatchRow:
    names = question_names(composition.letter.decision.edition)
    answers = [
        QuestionLink(one, names[one], _where(f"question:{one}", composition))
        for one in mismatch.questions
    ]
    places = [QuestionLink(one, PLACES[one], _where(one, composition)) for one in mismatch.places]
    return MismatchRow(mismatch.says, (*answers, *places))


def present_judged(composition: Composition) -> JudgedView | None:
    """What a later edition says of the decision behind a letter; None where nothing is stricter."""
    return judged_view(composition.judged, composition.letter.decision)


def _where(where: str, composition: Composition) -> str:
    place, _, name = where.partition(":")
    case = composition.file.case
    match place:
        case "question" if composition.file.edition.questionnaire.has_question(name):
            return link_to(composition.file, name).url
        case "letter":
            return f"{reverse('letters:letter', args=[case.pk, composition.letter.pk])}#id_{name}"
        case "decision" | "question":
            return reverse("cases:decision", args=[case.pk])
        case "consents":
            return reverse("consents:consents", args=[case.pk])
        case "recipient":
            return reverse("letters:recipient", args=[case.pk, composition.letter.pk])
        case "safety":
            return reverse("cases:safety", args=[case.pk])
        case "patient":
            return reverse("patient:patient", args=[case.pk])
        case "plan":
            return reverse("plan:plan", args=[case.pk])
        case "history":
            return reverse("history:history", args=[case.pk])
        case "facts":
            return reverse("letters:facts", args=[case.pk])
        case _:
            return reverse(place)
