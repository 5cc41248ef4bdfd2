"""A patient goes through the whole program, and is looked for where no patient may be (S-44)."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from django_tasks_db.models import DBTaskResult
from structlog.testing import capture_logs

from decisions.cases.models import Case
from decisions.desk.models import Export
from decisions.letters.models import Letter
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.case_factories import answer
from tests.decisions.cases.decision.test_decision_views import fingerprint_in
from tests.decisions.letters.letter_factories import vignettes
from tests.decisions.letters.stored_letters import DRAFT, make_sender, say_source
from tests.factories import PASSWORD
from tests.kapnet.core.encryption.kept_rows import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)

ClientFor = Callable[[User], Client]
FIRST, LAST, REFERENCE, WORD = "Zyxwora", "Quillfeather", "MRN7731Q", "Wombatgram"
NAME = f"{FIRST} {LAST}"
PATIENT = re.compile("|".join((FIRST, LAST, REFERENCE, WORD, "1961-07-29")), re.IGNORECASE)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
MANY = 30
CODE_OK, MOVED, MISSING, FAULT = 200, 302, 404, 500


@dataclass
class Walk:
    """What one browser's history, address bar and proxies would have seen."""

    client: Client
    seen: list[str] = field(default_factory=list)

    def get(self, url: str, expected: int = CODE_OK) -> Any:
        return self._note(self.client.get(url), url, expected)

    def post(self, url: str, data: dict[str, Any] | None = None, expected: int = MOVED) -> Any:
        return self._note(self.client.post(url, data or {}), url, expected)

    def _note(self, response: Any, url: str, expected: int) -> Any:
        assert response.status_code == expected, (url, response.status_code)
        self.seen += [url, *(f"{name}: {value}" for name, value in response.items())]
        if not response.streaming and "html" in response["Content-Type"]:
            self.seen += TITLE.findall(response.content.decode())
        return response


@pytest.fixture
def log() -> Iterator[list[Any]]:
    """Every line that the program writes, and what reaches the log from Django or a library."""
    with capture_logs() as lines:

        class Keep(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                lines.append({"event": self.format(record)})

        keep = Keep()
        logging.getLogger().addHandler(keep)
        yield lines
        logging.getLogger().removeHandler(keep)


def hits(*texts: object) -> list[str]:
    return [str(one) for one in texts if PATIENT.search(str(one))]


def rows_of(model: type[Model]) -> list[str]:
    return [str(row) for row in model._base_manager.values()]


def cached() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM shared_cache")
        return [str(row) for row in cursor.fetchall()]


def sessions() -> list[str]:
    return [json.dumps(one.get_decoded()) for one in Session.objects.all()]


def open_and_answer(walk: Walk, therapist: User) -> Case:
    born = {"birth_month": "7", "birth_day": "29", "birth_year": "1961"}
    walk.post("/cases/new/", {"patient_name": NAME, "reference": REFERENCE, **born})
    with scopes_disabled():
        case = Case.objects.select_related("clinic").get()
    for question, raw in vignettes()["responder-relapsed"].items():
        if question != "age_years":
            answer(case, therapist, question, raw)
    return case


def decide_and_sign(walk: Walk, case: Case, therapist: User) -> Letter:
    place = f"/cases/{case.pk}/"
    fingerprint = fingerprint_in(walk.get(f"{place}decision/").content.decode())
    chosen = {"chosen": "repeat_tms", "reasoning": f"{NAME}: {WORD}", "fingerprint": fingerprint}
    walk.get(walk.post(f"{place}decision/", chosen)["Location"])
    say_source(case, therapist)
    draft = walk.post(f"{place}letters/")["Location"]
    version = walk.get(draft).context["form"].initial["version"]
    walk.post(draft, {**DRAFT, "reasoning": f"{NAME}: {WORD}", "version": version})
    ready = walk.get(draft)
    assert not ready.context["missing"]
    confirmed = {"recipient_by_hand": "true", "fingerprint": ready.context["fingerprint"]}
    walk.post(f"{draft}sign/", {**confirmed, "password": "wrong"}, expected=422)
    walk.post(f"{draft}sign/", {**confirmed, "password": PASSWORD})
    with scopes_disabled():
        return Letter.objects.get()


def export(walk: Walk, letter: Letter) -> None:
    """By staff, as a file that a worker makes."""
    place = walk.post("/letters/exports/", {"letter": str(letter.pk), "kind": "zip"})["Location"]
    call_command("db_worker", batch=True, interval=0, verbosity=0)
    with scopes_disabled():
        assert Export.objects.get().state == Export.State.DONE
    walk.get(place)
    walk.get(f"{place}file/")


def read_in_emergency(walk: Walk, case: Case) -> str:
    """The page of the case as somebody reads it who opens no cases."""
    walk.get("/emergency/")
    why = f"{NAME} rang: {WORD}"
    found = walk.post("/emergency/", {"words": LAST, "reason": why}, expected=200)
    assert str(case.pk) in found.content.decode()
    chosen = {"words": LAST, "case": str(case.pk), "reason": why}
    page = walk.get(walk.post("/emergency/open/", chosen)["Location"])
    call_command("db_worker", batch=True, interval=0, verbosity=0)
    return str(page.content.decode())


def found_by(walk: Walk, words: str) -> str:
    """Where the list of a search is."""
    return str(walk.post("/letters/", {"q": words})["Location"])


def test_patient_is_nowhere_but_in_the_case(
    client_for: ClientFor,
    therapist: User,
    staff: User,
    manager: User,
    other_therapist: User,
    monkeypatch: pytest.MonkeyPatch,
    log: list[Any],
) -> None:
    therapist.set_password(PASSWORD)
    therapist.save()
    make_sender(therapist)
    walk = Walk(Client(raise_request_exception=False))
    walk.post("/accounts/login/", {"login": therapist.email, "password": PASSWORD})

    case = open_and_answer(walk, therapist)
    place = f"/cases/{case.pk}/"
    pages = ["", "check/", "safety/", "ketamine_safety/", "plan/", "team/", "consents/", "letters/"]
    shown = [walk.get(f"{place}{page}") for page in pages]
    letter = decide_and_sign(walk, case, therapist)
    detail = reverse("letters:detail", args=[letter.pk])
    for address in ("/cases/", detail, f"{detail}pdf/", "/letters/"):
        shown.append(walk.get(address))
    at_desk, clinic = Walk(client_for(staff)), Walk(client_for(manager))
    export(at_desk, letter)
    at_desk.get(f"{detail}desk/")
    for address in ("/clinic/audit/", "/clinic/audit/export.csv", "/clinic/audit/export.jsonl"):
        clinic.seen.append(clinic.get(address).getvalue().decode())
    assert NAME in read_in_emergency(clinic, case)
    assert letter.number in at_desk.client.get(found_by(at_desk, LAST)).content.decode()
    expired = Walk(Client())
    expired.post("/cases/new/", {"patient_name": NAME, "reference": REFERENCE})
    stranger = Walk(client_for(other_therapist))
    stranger.get(place, MISSING)
    stranger.get(detail, MISSING)
    stranger.post(f"{place}ketamine_safety/", {"patient_name": NAME}, expected=MISSING)
    with monkeypatch.context() as broken:
        broken.setattr("decisions.cases.views.present_check", lambda file: int(NAME))
        walk.seen.append(walk.get(f"{place}check/", FAULT).content.decode())
    walk.seen.append(walk.post("/cases/new/", {"patient_name": ""}, 422).content.decode())
    signed_in = sessions()
    walk.post("/accounts/logout/")

    assert sum(NAME in page.content.decode(errors="replace") for page in shown) > 5
    for one in (walk, at_desk, clinic, expired, stranger):
        assert hits(*one.seen) == []
    assert hits(*log, *rows_of(Event), *rows_of(DBTaskResult)) == []
    assert hits(*signed_in, *sessions(), *cached()) == []
    assert hits(*(one.message().as_string() for one in mail.outbox)) == []
    assert {one["event"] for one in log} >= {"request", "exception"}
    assert min(len(log), Event.objects.count()) > MANY
    assert hits(everything_stored().decode(errors="replace")) == []
    assert DBTaskResult.objects.count() == len(("file of letters", "mail about an emergency"))
    assert [one.to for one in mail.outbox] == [[therapist.email]]
    assert len(signed_in) > len((at_desk, clinic, stranger))
