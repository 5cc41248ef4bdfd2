"""Replies by the code on a letter: what they show, what they change, and who tries what.

Each row of the table of threats in docs/replies.md names its test here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from decisions.consents.actions import record_consent, revoke_consent
from decisions.desk.models import Reply, ReplyLink
from decisions.desk.replies.forms import NOT_TAKEN
from decisions.desk.replies.telling import CAME
from decisions.desk.standing import letter_standing
from decisions.documents.letter.blocks import Letter as LetterContent
from decisions.follow_up.courses.actions import end_follow_up
from decisions.letters.actions import save_draft, start_correction
from decisions.letters.models import Letter
from decisions.letters.rendering import draw_pdf
from decisions.letters.verification.codes import REPLY_LENGTH, read_code, reply_code_of
from kapnet.core.audit.models import Event, Outcome
from kapnet.core.people.models import Clinic, Role, User
from kapnet.core.web.secret_pages import sha256_of
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of
from tests.decisions.consents.test_consent_views import PAPER
from tests.decisions.desk.desk_factories import delivery_of, step
from tests.decisions.letters.pdf_reading import pages_of, run_together
from tests.decisions.letters.stored_letters import make_draft, make_signed, sign
from tests.factories import make_clinic, make_member
from tests.kept import MADE_ONCE, Keeps, Kept
from tests.worker import worked

Clients = Callable[[User], Client]
pytestmark = pytest.mark.django_db
SITE = "https://kapnet.example"
HTML = "<script>alert(1)</script>{{ 7|add:7 }}{% debug %}"
SAID = {
    "kind": "accepts",
    "day": "",
    "text": "We see her on Thursday.",
    "name": "Dr. Ida Beispiel, Harbor TMS Center",
    "reach": "555-0150",
}


keeps, _, clinic, therapist, staff, letter = MADE_ONCE


@pytest.fixture(scope="module")
def kept(keeps: Keeps) -> Iterator[Kept]:
    """A letter with a reply code that was faxed."""
    with keeps(), override_settings(SITE_ADDRESS=SITE):
        made = Kept.make(has_reply_links=True)
        with scopes_disabled():
            signed = Letter.objects.select_related("clinic").get(pk=made.letter)
        step(signed, User.objects.get(pk=made.staff), "sent", how="fax")
        yield made


@pytest.fixture
def linked(clinic: Clinic) -> Clinic:
    """A clinic whose letters say how to answer them online."""
    return clinic


def code_of(letter: Letter) -> str:
    """The code as the letter prints it."""
    with scopes_disabled():
        content = Letter.objects.get(pk=letter.pk).content or {}
    return str(content["reply_address"]).rstrip("/").rpartition("/")[2]


def answer(code: str, client: Client | None = None, **changes: Any) -> Any:
    """What somebody sends who holds a letter."""
    return (client or Client()).post(reverse("desk:reply"), {**SAID, "code": code, **changes})


def replies(letter: Letter) -> list[Reply]:
    with scopes_disabled():
        return list(Reply.objects.filter(link=letter.pk).order_by("sent_at"))


@contextmanager
def nothing_comes(letter: Letter) -> Iterator[None]:
    before = len(replies(letter))
    yield
    assert len(replies(letter)) == before


def see(client: Client, name: str, *places: object) -> str:
    return client.get(reverse(name, args=places)).content.decode()


def act(client: Client, letter: Letter, act: str, reply: Reply, **fields: Any) -> Any:
    sent = {"act": act, "reply_id": str(reply.pk), **fields}
    return client.post(reverse("desk:letter", args=[letter.pk]), sent)


# What a letter prints


def test_letter_prints_its_code_and_the_database_keeps_the_hash_alone(
    linked: Clinic, therapist: User
) -> None:
    draft = make_draft(therapist)
    shown = see_preview(draft, therapist)
    signed = sign(draft, therapist)

    with clinic_of(therapist):
        stored = Letter.objects.get(pk=signed.pk)
        link = ReplyLink.objects.get(letter=signed)
    content = LetterContent.model_validate(stored.content)
    code = read_code(code_of(signed), REPLY_LENGTH)
    assert "address and code are made at signing" in shown
    assert stored.signed_at
    assert code == reply_code_of(stored.pk, stored.signed_at)
    assert link.code_sha256 == sha256_of(code)
    assert link.ends_at > timezone.now() + timedelta(days=179)
    first = pages_of(bytes(stored.pdf))[0]
    assert run_together(f"Online: kapnet.example/r/, code {code_of(signed)}.") in (
        run_together(first)
    )
    assert draw_pdf(content, letter_id=stored.pk, drawn_at=timezone.now()) == bytes(stored.pdf)


def see_preview(draft: Letter, therapist: User) -> str:
    client = Client()
    client.force_login(therapist)
    return see(client, "letters:letter", draft.case_id, draft.pk)


@for_each(("site", "wanted"), [("", True), (SITE, False), ("", False)], undone=True)
def test_letter_prints_none_without_an_address_or_where_the_clinic_wants_none(
    other_therapist: User, settings: Any, site: str, wanted: bool
) -> None:
    therapist, clinic = other_therapist, other_therapist.membership.clinic
    settings.SITE_ADDRESS = site
    clinic.has_reply_links = wanted
    clinic.save()

    signed = make_signed(therapist)

    assert "reply_address" not in (signed.content or {})
    with clinic_of(therapist):
        assert not ReplyLink.objects.exists()


def test_switching_the_link_on_changes_what_a_signer_has_seen(
    linked: Clinic, therapist: User
) -> None:
    from decisions.letters.actions import LetterChangedError, compose
    from decisions.letters.signing.actions import sign_letter

    draft = make_draft(therapist)
    with clinic_of(therapist):
        seen = compose(draft.pk, therapist).fingerprint
        linked.has_reply_links = False
        linked.save()
        with pytest.raises(LetterChangedError):
            sign_letter(letter_id=draft.pk, actor=therapist, fingerprint=seen)
        assert not ReplyLink.objects.filter(letter=draft).exists()


# One reply, from the paper to the desk


def test_reply_waits_until_the_desk_confirms_it(
    letter: Letter, therapist: User, staff: User, client_for: Clients, settings: Any
) -> None:
    desk, page = client_for(staff), Client()
    before = delivery_of(letter, staff)
    with clinic_of(staff):
        asked = Letter.objects.get(pk=letter.pk)

    sent = answer(code_of(letter), page, day="2026-12-04")

    assert (sent.status_code, sent["Location"]) == (302, reverse("desk:reply_sent"))
    assert "was sent" in page.get(sent["Location"]).content.decode()
    (reply,) = replies(letter)
    assert (reply.state, delivery_of(letter, staff)) == ("waiting", before)
    assert delivery_of(letter, staff).status == before.status == "sent"
    event = Event.objects.get(action=CAME)
    assert (event.actor, event.clinic_id) == (None, asked.clinic_id)
    assert event.reason == f"by the link of {asked.number}, not confirmed"
    for shown in (
        see(desk, "desk:letter", letter.pk),
        see(client_for(therapist), "letters:letter", letter.case_id, letter.pk),
        see(client_for(therapist), "letters:detail", letter.pk),
    ):
        assert "By the link, not confirmed" in shown
        assert SAID["text"] in shown
        assert f"By the link of {asked.number}" in shown
    assert "1 reply to confirm" in see(desk, "desk:queue")
    assert f"Confirm the reply to letter {asked.number}" in see(desk, "reminders:due")
    assert "not confirmed" in see(client_for(therapist), "cases:list")
    with clinic_of(staff):
        standing = letter_standing(asked.case)
        assert standing
        assert standing.waiting_replies == 1

    assert act(desk, letter, "confirm", reply, seen_version=2).status_code == 422
    done = act(desk, letter, "confirm", reply, seen_version=2, because="Called 555-0150.")

    assert done.status_code == 302
    after = delivery_of(letter, staff)
    assert after.status == "accepted"
    with clinic_of(staff):
        noted = after.steps.order_by("-pk").first()
    assert noted
    assert noted.by == staff
    assert noted.proof == "Called 555-0150."
    assert SAID["text"] in noted.note
    assert noted.happened_at == reply.sent_at
    assert replies(letter)[0].state == "confirmed"
    assert "not confirmed" not in see(client_for(therapist), "cases:list")
    actions = set(Event.objects.values_list("action", flat=True))
    assert {"letter.accepted", "letter.reply_confirmed"} <= actions


@for_each(
    ("kind", "status", "note"),
    [
        ("declines", "declined", False),
        ("asks", "sent", True),
        ("reports", "sent", True),
    ],
    undone=True,
)
def test_each_kind_takes_the_door_of_a_reply_by_hand(
    letter: Letter, staff: User, client_for: Clients, kind: str, status: str, note: bool
) -> None:
    later = timezone.localdate() + timedelta(days=200)
    answer(code_of(letter), kind=kind, day=later.isoformat())

    act(client_for(staff), letter, "confirm", replies(letter)[0], seen_version=2, because="Fax.")

    delivery = delivery_of(letter, staff)
    assert delivery.status == status
    with clinic_of(staff):
        newest = delivery.steps.order_by("-pk").first()
    assert newest
    assert newest.is_note is note
    assert delivery.due_on
    assert delivery.due_on < later, "a refusal is seen to at once"
    assert SAID["text"] in newest.note


def test_reply_that_waits_is_due_although_follow_up_has_ended(
    letter: Letter, therapist: User, staff: User, client_for: Clients
) -> None:
    answer(code_of(letter), kind="reports", text="She left a message that worries us.")
    values = {"kind": "moved", "ended_on": timezone.localdate()}
    with clinic_of(therapist):
        case = Letter.objects.select_related("case").get(pk=letter.pk).case
        end_follow_up(case=case, actor=therapist, values=values)

    page = see(client_for(staff), "reminders:due")
    assert "Confirm the reply to letter" in page
    assert "Reply to letter" not in page


def test_set_aside_reply_counts_for_nothing_and_stays_to_be_read(
    letter: Letter, staff: User, therapist: User, client_for: Clients
) -> None:
    answer(code_of(letter))
    (reply,) = replies(letter)
    desk = client_for(staff)

    assert act(desk, letter, "aside", reply, because="").status_code == 422
    assert act(desk, letter, "aside", reply, because="They did not write it.").status_code == 302

    assert delivery_of(letter, staff).status == "sent"
    assert "They did not write it." in see(desk, "desk:letter", letter.pk)
    again = act(desk, letter, "confirm", reply, seen_version=2, because="Called.")
    assert again.status_code == 409
    assert delivery_of(letter, staff).status == "sent"


def test_reply_to_a_letter_that_nobody_noted_as_sent_says_what_to_do(
    linked: Clinic, therapist: User, staff: User, client_for: Clients
) -> None:
    signed = make_signed(therapist)
    answer(code_of(signed))

    refused = act(
        client_for(staff), signed, "confirm", replies(signed)[0], seen_version=1, because="Called."
    )

    assert refused.status_code == 409
    assert "Note first when and how it was sent" in refused.content.decode()
    assert replies(signed)[0].is_waiting


def test_reply_never_goes_beside_what_the_letter_says_of_itself(
    letter: Letter, staff: User, client_for: Clients
) -> None:
    """The same once more is a note; the contrary is refused as a step by hand would be."""
    step(letter, staff, "declined")
    for kind in ("accepts", "declines"):
        answer(code_of(letter), kind=kind)
    accepts, declines = replies(letter)
    desk, fields = client_for(staff), {"seen_version": 3, "because": "Called."}

    assert act(desk, letter, "confirm", accepts, **fields).status_code == 409
    assert act(desk, letter, "confirm", declines, **fields).status_code == 302

    assert delivery_of(letter, staff).status == "declined"
    assert [one.state for one in replies(letter)] == ["waiting", "confirmed"]


def test_confirming_beside_a_step_of_somebody_else_is_refused(
    letter: Letter, staff: User, client_for: Clients
) -> None:
    answer(code_of(letter))
    step(letter, staff, "received")

    refused = act(
        client_for(staff), letter, "confirm", replies(letter)[0], seen_version=2, because="Called."
    )

    assert refused.status_code == 409
    assert replies(letter)[0].is_waiting


# Who tries what


def test_page_is_the_same_for_every_code_and_reading_it_changes_nothing(
    letter: Letter,
) -> None:
    """Mail scanners and previews only read."""
    real, made_up = code_of(letter), "0000-0000-0000-0000"
    client = Client()
    pages = []

    for code in (real, made_up, "x", "../letters", HTML[:30]):
        with CaptureQueriesContext(connection) as asked:
            response = client.get(reverse("desk:reply") + f"{code.replace('/', '%2F')}/")
        assert not [one["sql"] for one in asked if "evidence" not in one["sql"]]
        if response.status_code == 404:
            assert "/" in code
            continue
        page = response.content.decode()
        assert "<script>" not in page
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
        pages.append(re.sub(r'(id="id_code" name="code" type="text"\s+value=)"[^"]*"', r"\1", page))
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert "no-store" in response["Cache-Control"]

    assert len(set(pages)) == 1
    assert len(pages) >= 3
    with scopes_disabled():
        case = Letter.objects.select_related("case").get(pk=letter.pk).case
    for secret in (case.patient_name, letter.number, "Demo clinic", "ketamine", "TMS"):
        assert secret not in pages[0]
    assert not Event.objects.filter(action=CAME).exists()


def dead_by_correction(letter: Letter, therapist: User) -> None:
    with clinic_of(therapist):
        fresh = Letter.objects.get(pk=letter.pk)
        draft = start_correction(letter=fresh, actor=therapist)
        save_draft(
            letter=draft,
            actor=therapist,
            values={"replaces_because": "A dose was wrong."},
            saved_at=draft.saved_at,
        )
    sign(draft, therapist)


def dead_by_consent(letter: Letter, therapist: User) -> None:
    assert letter.authorization
    with clinic_of(therapist):
        revoke_consent(consent=letter.authorization, actor=therapist, because="She said so.")


def test_code_that_is_not_known_ended_corrected_or_withdrawn_gets_one_answer(
    linked: Clinic, therapist: User, staff: User, settings: Any
) -> None:
    corrected, ended = make_signed(therapist), make_signed(therapist)
    dead_by_correction(corrected, therapist)
    draft = make_draft(therapist)
    with clinic_of(therapist):
        consent = record_consent(case=draft.case, actor=therapist, values=PAPER)
        values = {"shared_for_treatment": False, "authorization": consent}
        save_draft(letter=draft, actor=therapist, values=values, saved_at=draft.saved_at)
    withdrawn = sign(draft, therapist)
    withdrawn.authorization = consent
    dead_by_consent(withdrawn, therapist)

    said = set()
    for code in ("0000-0000-0000-0000", code_of(corrected), code_of(withdrawn)):
        said.add(without_code(answer(code)))
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        said.add(without_code(answer(code_of(ended))))

    assert len(said) == 1
    assert NOT_TAKEN in said.pop()
    assert all(not replies(one) for one in (corrected, ended, withdrawn))
    refused = Event.objects.filter(action=CAME, outcome=Outcome.REFUSED)
    assert refused.count() == 4
    assert {(one.clinic_id, one.object_id) for one in refused} == {(None, "")}


def without_code(response: Any) -> str:
    assert response.status_code == 422
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    assert SAID["text"] in page, "what was typed stays"
    return re.sub(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", "", page.replace("7Q2M-4F2A-91C0-7BE3", ""))


def test_correction_has_a_code_of_its_own(letter: Letter, therapist: User) -> None:
    dead_by_correction(letter, therapist)
    with clinic_of(therapist):
        newer = Letter.objects.get(replaces=letter)

    assert code_of(newer) != code_of(letter)
    assert answer(code_of(newer)).status_code == 302


def test_sending_twice_is_one_reply_and_two_devices_are_two(
    letter: Letter, settings: Any, client_for: Clients, staff: User
) -> None:
    settings.REPLIES_A_LETTER = 3
    code = code_of(letter)

    assert answer(code).status_code == answer(code).status_code == 302
    assert len(replies(letter)) == 1
    act(client_for(staff), letter, "confirm", replies(letter)[0], seen_version=2, because="Yes.")
    assert answer(code).status_code == 302, "the button once more, after the desk has confirmed"
    assert len(replies(letter)) == 1
    assert answer(code, Client(), text="Another hand.").status_code == 302
    assert answer(code, kind="declines").status_code == 302
    assert len(replies(letter)) == 3
    with nothing_comes(letter):
        assert answer(code, text="One too many.").status_code == 422


def test_same_words_later_or_after_they_were_set_aside_come_again(
    letter: Letter, staff: User, client_for: Clients
) -> None:
    """“No change” of next month is not that of this month; what was asked for again arrives."""
    desk, code = client_for(staff), code_of(letter)
    report: dict[str, Any] = {"kind": "reports", "text": "No change."}
    answer(code, **report)
    act(desk, letter, "aside", replies(letter)[0], because="Nobody could be reached.")

    answer(code, **report)
    _, second = replies(letter)
    act(desk, letter, "confirm", second, seen_version=2, because="Called 555-0150.")
    for days in (28, 56):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            answer(code, **report)
            answer(code, **report)

    states = [one.state for one in replies(letter)]
    assert states == ["set_aside", "confirmed", "waiting", "waiting"]


def test_guessing_is_limited_by_address_and_for_all(letter: Letter, settings: Any) -> None:
    settings.LIMITS = {**settings.LIMITS, "reply.try": "5/m/ip,300/m/key"}

    seen = [answer(f"0000-0000-0000-000{place}").status_code for place in range(6)]

    assert seen == [422] * 5 + [429]
    with nothing_comes(letter):
        assert answer(code_of(letter)).status_code == 429


@for_each(
    "changes",
    [
        {"text": HTML, "name": HTML[:100], "reach": "<b>1</b>"},
        {"text": "=HYPERLINK(1)", "name": "'; DROP TABLE desk_reply; --"},
        {"text": "x" * 2000},
    ],
    undone=True,
)
def test_odd_words_stay_words(
    letter: Letter, staff: User, client_for: Clients, changes: dict[str, Any]
) -> None:
    assert answer(code_of(letter), **changes).status_code == 302

    page = see(client_for(staff), "desk:letter", letter.pk)

    assert "<script>alert" not in page
    assert "<b>1</b>" not in page
    assert replies(letter)[0].text == changes["text"]


@for_each(
    ("changes", "status"),
    [
        ({"text": "x" * 2001}, 422),
        ({"name": ""}, 422),
        ({"name": "\u3164"}, 422),
        ({"name": "Two\nlines"}, 422),
        ({"text": "hidden\u202eword"}, 422),
        ({"kind": "done"}, 422),
        ({"kind": ""}, 422),
        ({"kind": "asks", "text": " "}, 422),
        ({"kind": "reports", "text": ""}, 422),
        ({"day": "soon"}, 422),
        ({"day": "2126-01-01"}, 422),
        ({"code": "short"}, 422),
        ({"code": "\x00" * 16}, 422),
        ({"text": "x" * 1_500_000}, 400),
    ],
    undone=True,
)
def test_what_is_no_reply_is_refused_and_nothing_comes(
    letter: Letter, changes: dict[str, Any], status: int
) -> None:
    with nothing_comes(letter):
        assert answer(**{"code": code_of(letter), **changes}).status_code == status


def test_code_is_read_as_people_type_it(letter: Letter) -> None:
    typed = code_of(letter).replace("-", " ").lower().replace("0", "o").replace("1", "l")

    assert answer(typed).status_code == 302
    assert len(replies(letter)) == 1


def test_form_needs_its_token_and_no_session(letter: Letter) -> None:
    with nothing_comes(letter):
        assert answer(code_of(letter), Client(enforce_csrf_checks=True)).status_code == 403

    client = Client(enforce_csrf_checks=True)
    page = client.get(reverse("desk:reply")).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    origin = {"Origin": "null"}
    sent = {**SAID, "code": code_of(letter), "csrfmiddlewaretoken": token[1]}
    assert client.post(reverse("desk:reply"), sent, headers=origin).status_code == 302
    assert {one for one in client.cookies if "session" in one} == set()


def test_reply_of_another_clinic_is_out_of_reach(
    letter: Letter, therapist: User, client_for: Clients
) -> None:
    answer(code_of(letter))
    (reply,) = replies(letter)
    elsewhere = make_member(clinic=make_clinic(name="Other clinic"), role=Role.STAFF)
    own = make_signed(therapist)
    stranger = client_for(elsewhere)

    assert stranger.get(reverse("desk:letter", args=[letter.pk])).status_code == 404
    fields = {"seen_version": 2, "because": "I say so."}
    assert act(stranger, letter, "confirm", reply, **fields).status_code == 404
    assert act(stranger, letter, "aside", reply, **fields).status_code == 404
    assert "not confirmed" not in see(stranger, "desk:queue")
    assert client_for(therapist).get(reverse("desk:letter", args=[own.pk])).status_code == 403
    assert replies(letter)[0].is_waiting


def test_reply_of_another_letter_is_not_confirmed_from_this_one(
    letter: Letter, therapist: User, staff: User, client_for: Clients
) -> None:
    answer(code_of(letter))
    other = make_signed(therapist)
    step(other, staff, "sent", how="fax")

    refused = act(
        client_for(staff), other, "confirm", replies(letter)[0], seen_version=2, because="Called."
    )

    assert refused.status_code == 409
    assert delivery_of(other, staff).status == "sent"


def test_somebody_of_ours_who_answers_is_named_in_the_audit_log(
    letter: Letter, staff: User, client_for: Clients
) -> None:
    answer(code_of(letter), client_for(staff))

    assert Event.objects.get(action=CAME).actor == staff


@pytest.mark.both_databases
def test_database_changes_no_word_of_a_reply_and_removes_none(letter: Letter, staff: User) -> None:
    answer(code_of(letter))
    (reply,) = replies(letter)
    with scopes_disabled():
        rows = Reply.objects.filter(pk=reply.pk)
    settled = {"state": "confirmed", "settled_at": timezone.now(), "settled_by": staff}

    for change in (
        lambda: rows.update(text="Something else."),
        lambda: rows.update(text="Something else.", **settled),
        lambda: rows.update(day=timezone.localdate(), **settled),
        lambda: rows.delete(),
        lambda: ReplyLink.objects.filter(pk=letter.pk).update(ends_at=timezone.now()),
        lambda: ReplyLink.objects.filter(pk=letter.pk).delete(),
    ):
        with scopes_disabled(), pytest.raises(DatabaseError), transaction.atomic():
            change()
    with scopes_disabled():
        assert rows.update(**settled) == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(state="waiting", settled_at=None, settled_by=None)


def test_mail_says_that_a_reply_came_and_nothing_of_it(
    letter: Letter,
    therapist: User,
    staff: User,
) -> None:
    answer(code_of(letter), kind="declines", text="Not suitable for ketamine.")
    worked()

    assert {one.to[0] for one in mail.outbox} == {therapist.email, staff.email}
    for one in mail.outbox:
        whole = f"{one.subject} {one.body}"
        for word in ("ketamine", "eclin", "Maren", letter.number, code_of(letter), "Beispiel"):
            assert word not in whole
