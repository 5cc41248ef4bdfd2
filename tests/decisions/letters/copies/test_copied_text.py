"""A letter and a decision as plain text: what they say, no more, and that it is a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Decision
from decisions.consents.actions import save_source
from decisions.documents.letter.blocks import Block, Item, Letter, Paragraph, Table
from decisions.letters.copies.letter_text import letter_as_text
from decisions.letters.models import Letter as StoredLetter
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.letters.letter_factories import compose, material, signed_issue, vignettes
from tests.decisions.letters.stored_letters import decide_case, make_decision, make_signed
from tests.evidence.evidence_factories import withdraw
from tests.triggers import triggers_off

Clients = Callable[[User], Client]
MOMENT = "23 November 2026, 14:31 (UTC-5)"
COPY = f"Copy of letter L-2026-0117, signed {MOMENT}. The signed PDF is the original."


def said_of(letter: Letter) -> str:
    return letter_as_text(letter, moment=MOMENT)


def texts_of(letter: Letter) -> Iterator[str]:
    """What the letter says, as the copy writes it."""
    headings = {one.heading for one in (*letter.blocks, *letter.annex)} | {letter.annex_heading}
    unnamed = {one.table.columns[0] for one in (*letter.blocks, *letter.annex) if one.table}
    for text in letter.texts:
        if text in headings:
            yield text.upper()
        elif text not in unnamed:
            yield text


@for_each("vignette", sorted(vignettes()))
def test_copy_of_a_letter_says_all_that_the_letter_says(vignette: str) -> None:
    letter = compose(material(vignettes()[vignette], issue=signed_issue(code="ABCD-EFGH")))

    said = said_of(letter)

    assert [text for text in texts_of(letter) if text not in said] == []
    assert said.splitlines()[0] == said.splitlines()[-1] == COPY
    assert "ABCD-EFGH" in said


def test_copy_of_a_letter_says_no_more() -> None:
    table = Table(columns=("When", "Scale", "Score"), rows=(("20 Nov", "PHQ-9", "15"),))
    sources = (
        Item(text="1 Philip 2016", href="https://doi.org/10.1/a"),
        Item(text="2 at https://x.example", href="https://x.example"),
        Item(text="by hand"),
    )
    letter = compose(material(issue=signed_issue())).model_copy(
        update={
            "emergency": (Paragraph(text="Act first.", strong=True),),
            "blocks": (Block(id="why", heading="Why", paragraphs=(Paragraph(text="Two\nlines"),)),),
            "annex": (Block(id="scores", heading="Scores", table=table, items=sources),),
        }
    )

    assert said_of(letter) == "\n".join(
        (
            COPY,
            "",
            *letter.sender,
            "",
            *letter.recipient,
            "",
            *letter.dated,
            "",
            "Act first.",
            "",
            letter.request,
            "",
            f"{letter.patient_name}, {letter.patient_details}",
            "",
            "WHY",
            "Two",
            "lines",
            "",
            letter.signature.line,
            letter.signature.words,
            "",
            letter.annex_heading.upper(),
            "",
            "SCORES",
            "- 20 Nov; Scale: PHQ-9; Score: 15",
            "1 Philip 2016 https://doi.org/10.1/a",
            "2 at https://x.example",
            "- by hand",
            "",
            letter.foot,
            COPY,
            "",
        )
    )


# As pages give them


@pytest.mark.django_db
def test_signed_letter_is_copied_by_those_who_read_it(
    therapist: User, staff: User, client_for: Clients
) -> None:
    letter = make_signed(therapist)
    client, address = client_for(staff), reverse("letters:letter_text", args=[letter.pk])
    page = client.get(reverse("letters:detail", args=[letter.pk])).content.decode()

    answer = client.get(address)

    assert f'href="{address}" data-copy-text' in page
    assert page.index(f"Download {letter.number}") < page.index("SHA-256"), "first what one does"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    said = answer.content.decode()
    assert said.startswith(f"Copy of letter {letter.number}, signed ")
    assert "Maren Testcase" in said
    event = Event.objects.get(action="letter.copied")
    assert (event.object_id, event.actor) == (str(letter.pk), staff)

    with triggers_off(), clinic_of(therapist):
        StoredLetter.objects.filter(pk=letter.pk).update(pdf=b"another")

    refused = client.get(address)
    assert (refused.status_code, refused["Location"]) == (
        302,
        reverse("letters:detail", args=[letter.pk]),
    )
    assert Event.objects.filter(action="letter.copied", outcome="refused").count() == 1
    assert address not in client.get(refused["Location"]).content.decode()


def copied(decision: Decision, client: Client) -> str:
    address = reverse("letters:decision_text", args=[decision.case_id, decision.number])
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def say_source(decision: Decision, therapist: User, source: str) -> None:
    with clinic_of(therapist):
        save_source(case=decision.case, actor=therapist, source=source)


@pytest.mark.django_db
def test_decision_is_copied_as_it_was_recorded(therapist: User, client_for: Clients) -> None:
    decision = make_decision(therapist)
    say_source(decision, therapist, "self_report")
    client = client_for(therapist)

    said = copied(decision, client)

    lines = said.splitlines()
    assert lines[0].startswith(f"Copy of decision 1 of case {decision.case.number:04d}, recorded ")
    assert lines[0].endswith(f"by {therapist}.")
    assert "Maren Testcase, born 14 March 1984" in said
    assert "WHAT WAS CHOSEN\nRepeat TMS" in said
    assert f"THE CLINICIAN’S OWN REASONING\n{decision.reasoning}" in said
    assert "SOURCES\n1. " in said
    assert "https://doi.org/" in said
    assert "(Abstract read)" in said
    assert "LEFT OUT" not in said
    assert Event.objects.filter(action="decision.copied", case_id=decision.case_id).count() == 1
    page = client.get(reverse("cases:decision_record", args=[decision.case_id, 1])).content.decode()
    assert "data-copy-text" in page

    decide_case(decision.case, therapist)
    withdraw("philip-2016")

    after = copied(decision, client)
    assert "Decision 2 is newer." in after.splitlines()
    assert "Evidence that it rests on was withdrawn since: Philip 2016." in after


@pytest.mark.django_db
def test_decision_is_copied_without_what_may_not_leave(
    therapist: User, client_for: Clients
) -> None:
    """As in a letter without a consent: two decisions that differ only there give one copy.

    Also after a source was withdrawn that a rule on substance use alone cites.
    """
    client = client_for(therapist)
    decisions = [
        make_decision(therapist, substance_use=value, withdrawal_now=now)
        for value, now in (("none", "no"), ("dissociatives", "yes"))
    ]
    withdraw("tang-2025")
    copies = [copied(one, client) for one in decisions]

    for decision in decisions:
        say_source(decision, therapist, "self_report")

    assert without_case(copies[0]) == without_case(copies[1])
    assert "LEFT OUT\n" in copies[0]
    assert "- Withdrawal now" not in copies[1], "left out is not the same as not asked"
    assert without_case(copied(decisions[0], client)) != without_case(copied(decisions[1], client))
    assert "was withdrawn since: Tang 2025." in copied(decisions[1], client)


def without_case(said: str) -> list[str]:
    """Without the lines that name case and moment."""
    return [line for line in said.splitlines() if "Copy of" not in line and "born" not in line]
