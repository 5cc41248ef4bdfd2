"""A letter as templates show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict
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
from decisions.documents.letter.blocks import Letter
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.page_one.size import setting_of
from decisions.letters.composition import Composition
from decisions.letters.forms import SignForm
from decisions.letters.recipients import likely_recipients
from decisions.letters.verification.codes import qr_code
from decisions.rules.question_names import question_names
from kapnet.core.directory.models import Site

LAST = "asked"
"""The last part of page one: the signature never comes without it."""


def _has_room_for_reply(letter: Letter) -> bool:
    """Whether a QR code beside what is asked lets page one be as long as without it."""
    return bool(letter.reply_address) and not setting_of(letter)


def present_letter(letter: Letter) -> dict[str, object]:
    """The context of `_letter.html`: the letter, its heads, its first page and what follows it."""
    words = load_words(letter.edition)
    return {
        "letter": letter,
        "qr": qr_code(letter.check_address) if letter.check_address else "",
        "check_words": words.head["check_picture"],
        "reply_qr": qr_code(letter.reply_address) if _has_room_for_reply(letter) else "",
        "reply_words": words.page.sentences["reply_picture"],
        "heads": (
            ("from", _unlinked(letter.sender)),
            ("to", _unlinked(letter.recipient)),
            ("dated", tuple(_dated(letter))),
        ),
        "page_one": [one for one in letter.blocks if one.id != LAST],
        "last_block": [one for one in letter.blocks if one.id == LAST],
        "set_as": setting_of(letter),
    }


def _unlinked(lines: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((line, "") for line in lines)


def _dated(letter: Letter) -> Iterator[tuple[str, str]]:
    """The lines of the date; the one that names where it is checked leads there."""
    page = letter.check_address.partition("?")[0].partition("://")[2]
    for line in letter.dated:
        yield line, letter.check_address if page and line.endswith(page) else ""


ALWAYS_OPEN = frozenset({"coordinator", "next_look", "act_first", "stricter"})
"""What is missing and has its fields above the layer, so that this need not be open for them."""
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
    is_asked_here: bool
    """Whether its question is asked right below."""


def present_missing(composition: Composition) -> list[MissingRow]:
    """The lines of "Before you can sign"."""
    return [
        MissingRow(one.label, _where(one.where, composition), one.where == "consents")
        for one in composition.missing
    ]


def sign_form_of(composition: Composition, typed: QueryDict | None = None) -> SignForm:
    """The form that signs this letter, with all that its signer confirms."""
    return SignForm(
        typed,
        confirmations=composition.confirmations,
        words=composition.words_found,
        recipient=composition.letter.recipient_site,
    )


def _is_incomplete(composition: Composition, likely: list[Site]) -> bool:
    """Whether something is missing that is said in the layer. The basis for sharing goes with a
    press on somebody of the directory."""
    missing = {one.id: one.where for one in composition.missing}
    later = {"sharing"} if likely else set()
    return any(
        where.startswith("letter:") and one not in ALWAYS_OPEN | later
        for one, where in missing.items()
    )


def present_to_do(composition: Composition) -> dict[str, object]:
    """The context of "Before you can sign", and of whom the letter may go to."""
    asks_for_source = any(one.where == "consents" for one in composition.missing)
    row, request = composition.letter, composition.material.request
    likely = [] if row.recipient_site_id else likely_recipients(request.option or "")
    return {
        "missing": present_missing(composition),
        "gaps": composition.gaps,
        "mismatches": [_mismatch(one, composition) for one in composition.mismatches],
        "words_found": composition.words_found,
        "source_form": SourceForm() if asks_for_source else None,
        "is_incomplete": _is_incomplete(composition, likely),
        "lacks_lists": composition.lacks_lists,
        "likely": likely,
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
