"""The words of a patient's form: easy to read, and questions that the edition takes."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test.utils import override_settings
from django.utils import timezone

from decisions.form_links import cards as cards_module
from decisions.form_links.cards import (
    CardsRefused,
    PatientAnswer,
    PatientQuestion,
    load_cards,
    problems_of,
)
from decisions.form_links.mailing import mail_for
from decisions.patient_forms.pages import FormPage
from decisions.rules.loading import edition_ids, load_edition
from tests.collecting import for_each
from tests.decisions.decision_aid.reading_grade import grade

HIGHEST_GRADE, MOST_WORDS = 6.0, 12
CRISIS = {"emergency_number": "911", "call_or_text": "988", "chat": "", "hours": "day and night"}
PAGE = FormPage("x", "A page", "", (), "", 2, 3, "y")
PAGES: dict[str, dict[str, Any]] = {
    "public/too_many.html": {},
    "public/stale.html": {},
    "patient_forms/start.html": {"sender": "Your clinic", "has_failed": True},
    "patient_forms/form.html": {"page": PAGE, "days": 2},
    "patient_forms/help.html": {},
    "patient_forms/send.html": {"last": "x", "days": 2},
    "patient_forms/thanks.html": {},
    "patient_forms/over.html": {},
}


class _Texts(HTMLParser):
    """The text of each block of a page, as it is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in ("p", "h1", "h2", "li", "legend", "label", "button", "div", "title", "head"):
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, ())

    def handle_data(self, data: str) -> None:
        self.found[-1] += data


def texts_in(html: str) -> list[str]:
    reader = _Texts()
    reader.handle_starttag("p", ())
    reader.feed(html.partition("<main")[2].partition(">")[2].partition("</main>")[0])
    texts = [re.sub(r"\s+", " ", one).strip() for one in reader.found]
    return [one for one in texts if re.search("[A-Za-z]", one)]


def assert_easy(name: str, texts: list[str]) -> None:
    found = grade(name, texts)
    assert found.replaced <= HIGHEST_GRADE, f"{found}: {texts}"
    assert found.words_a_sentence <= MOST_WORDS, str(found)


@for_each("name", PAGES)
def test_pages_are_easy_to_read(name: str) -> None:
    html = render_to_string(name, {**PAGES[name], "crisis_line": CRISIS})
    assert_easy(name, texts_in(html))


def test_mail_is_easy_to_read() -> None:
    with override_settings(FORM_SENDER="Your clinic"):
        body = str(mail_for("p@mail.example", "", until=timezone.now()).body)
    assert_easy("mail", [one for one in body.splitlines() if one.strip()])


def test_questions_are_easy_to_read() -> None:
    for card in load_cards().values():
        for one in card.questions:
            texts = [one.ask, *filter(None, [one.help]), *(answer.say for answer in one.answers)]
            assert_easy(one.question, texts)
        assert_easy(card.id, [card.title, card.lead])


def test_every_edition_takes_the_answers_of_the_questions_that_it_has() -> None:
    """A clinician can take over what a patient said in a case of any edition."""
    for edition_id in edition_ids():
        edition = load_edition(edition_id)
        known = [
            problem
            for problem in problems_of(load_cards().values(), edition)
            if edition.questionnaire.has_question(problem.partition(":")[0])
        ]
        assert known == [], edition_id


def test_treatments_are_named_on_the_card_of_the_preference_alone() -> None:
    for card in load_cards().values():
        text = card.model_dump_json(exclude={"names", "questions"}).lower()
        text += " ".join(
            f"{one.ask} {one.help} {[answer.say for answer in one.answers]}"
            for one in card.questions
        ).lower()
        named = [word for word in ("ketamine", "TMS") if word.lower() in text]
        assert named == list(card.names)


def test_a_value_that_no_edition_takes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    card = load_cards()["safety"]
    answers = (PatientAnswer(say="No", value="never heard of"), PatientAnswer(say="Yes"))
    wrong = card.model_copy(
        update={"questions": (PatientQuestion(question="bladder", ask="?", answers=answers),)}
    )
    assert list(problems_of([wrong], load_edition())) == [
        "bladder: the edition does not take 'never heard of'"
    ]
    monkeypatch.setattr(cards_module, "FILE", cards_module.FILE.parent / "none.yaml")
    with pytest.raises(CardsRefused):
        load_cards.__wrapped__()
