"""The database takes a change and its answer is lost: the page that says so sends it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import reverse

from decisions.cases.models import Case, Decision
from kapnet.core.audit.models import Event
from kapnet.core.people.models import Membership, User
from tests.decisions.case_factories import make_case
from tests.decisions.cases.decision.test_decision_views import decision_url, fingerprint_in
from tests.decisions.cases.test_sent_twice import PATIENT, count, token_of
from tests.decisions.letters.stored_letters import fingerprint_of, make_draft
from tests.decisions.rules.cases import vignette
from tests.factories import PASSWORD
from tests.whole.faults.drafts import ASKED_OF_A_RECIPIENT

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@contextmanager
def answer_lost(made: Callable[[], int]) -> Iterator[None]:
    """The commit that makes something is done, and the connection ends before it says so."""
    commit, before = BaseDatabaseWrapper._commit, made()  # type: ignore[attr-defined]

    def and_hang_up(database: BaseDatabaseWrapper) -> None:
        commit(database)
        is_made = made() > before
        database.connection.rollback()  # of having asked
        if is_made:
            raise OperationalError("server closed the connection unexpectedly")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "_commit", and_hang_up)
        yield


def sent_again(
    client: Client, url: str, fields: dict[str, str], made: Callable[[], int], **typed: str
) -> None:
    """The first time is not known to have happened, and it did; the second makes no more."""
    before = made()
    client.raise_request_exception = False
    with answer_lost(made):
        page = client.post(url, {**fields, **typed})
    assert page.status_code == 503
    assert "It is not known whether your last change was saved." in page.content.decode()
    assert made() == before + 1

    kept = {name: unescape(value) for name, value in HIDDEN.findall(page.content.decode())}
    assert client.post(url, {**kept, **typed}).status_code == 302
    assert made() == before + 1


def signed() -> int:
    return Event.objects.filter(action="letter.signed").count()


@pytest.mark.django_db(transaction=True)
def test_change_whose_commit_was_in_doubt_is_made_once(therapist: User, manager: User) -> None:
    client, chief = Client(), Client()
    therapist.set_password(PASSWORD)
    therapist.save()
    client.force_login(therapist)
    chief.force_login(manager)
    letter = make_draft(therapist)
    case = make_case(therapist, **vignette("responder-relapsed"))

    new = reverse("cases:new")
    sent_again(client, new, {**PATIENT, "once": token_of(client, new)}, lambda: count(Case))
    person = {"name": "N. Newcomer", "email": "new@test.example", "role": "staff"}
    sent_again(chief, reverse("clinic"), person, lambda: count(Membership))
    shown = fingerprint_in(client.get(decision_url(case)).content.decode())
    said = {"chosen": "repeat_tms", "reasoning": "She did well.", "fingerprint": shown}
    sent_again(client, decision_url(case), said, lambda: count(Decision))
    address = reverse("letters:sign", args=[letter.case_id, letter.pk])
    ticked = dict.fromkeys(ASKED_OF_A_RECIPIENT, "true")
    what = {"fingerprint": fingerprint_of(letter, therapist), **ticked}
    sent_again(client, address, what, signed, password=PASSWORD)
