"""Attacks by the id of each, where no other test of a subject holds them."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django_scopes import scopes_disabled

from decisions.cases.models import SafetyTask
from decisions.letters.models import Letter
from evidence.strict_yaml import YamlRefused, read_yaml
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from kapnet.core.web import request_log
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.letters.letter_factories import FACTS
from tests.decisions.letters.pdf_reading import draw, pages_of, run_together, signed_letter
from tests.decisions.letters.stored_letters import (
    fingerprint_of,
    make_decision,
    make_draft,
    make_signed,
    sign,
)
from tests.factories import PASSWORD, make_user

ClientFor = Callable[[User], Client]
pytestmark = pytest.mark.django_db
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}} {% debug %} ${7*7}",
    "<svg onload=alert(1)>",
    "<img src=http://127.0.0.1:1/>",
)


@pytest.fixture
def draft(therapist: User) -> Letter:
    return make_draft(therapist)


def sign_url(letter: Letter) -> str:
    return reverse("letters:sign", args=[letter.case_id, letter.pk])


def test_s09_letter_is_not_signed_by_skipping_steps(therapist: User, client_for: ClientFor) -> None:
    therapist.set_password(PASSWORD)
    therapist.save()
    client = client_for(therapist)
    letter = make_draft(therapist, shared_for_treatment=None)
    fields = {"password": PASSWORD, "recipient_by_hand": "true"}

    response = client.post(
        sign_url(letter), {**fields, "fingerprint": fingerprint_of(letter, therapist)}
    )

    assert response.status_code == 409
    assert "something is missing" in response.content.decode()
    with scopes_disabled():
        assert not Letter.objects.get(pk=letter.pk).is_signed


def test_s16_s17_markup_in_a_name_is_shown_literally(
    therapist: User, staff: User, client_for: ClientFor
) -> None:
    text = " ".join(HOSTILE)
    letter = sign(make_draft(therapist, make_decision(therapist, name=text)), therapist)
    case, at_desk = [letter.case_id], [letter.pk]
    for_therapist = (
        *(reverse("cases:list"), reverse("cases:case", args=case)),
        reverse("letters:letter", args=[letter.case_id, letter.pk]),
        *(reverse("history:history", args=case), reverse("consents:consents", args=case)),
    )
    for_staff = (reverse("desk:queue"), reverse("desk:letter", args=at_desk))

    for person, addresses in ((therapist, for_therapist), (staff, for_staff)):
        client = client_for(person)
        for address in addresses:
            page = client.get(address).content.decode()
            assert escape(text) in page, address
            assert text not in page, address


@for_each("text", HOSTILE)
def test_s16_s20_markup_in_a_letter_is_printed_literally(text: str) -> None:
    facts = FACTS.model_copy(update={"other": text, "medicines": text})

    printed = run_together("".join(pages_of(draw(signed_letter(facts=facts)))))

    assert run_together(text) in printed


@for_each("key", ["_connector", "_negated", "case__id", "version__isnull"], undone=True)
def test_s22_lookup_keys_in_a_form_change_nothing(
    draft: Letter, therapist: User, client_for: ClientFor, key: str
) -> None:
    client = client_for(therapist)
    address = reverse("letters:letter", args=[draft.case_id, draft.pk])
    shown = client.get(address).context["form"]
    fields = {name: shown[name].value() or "" for name in shown.fields}

    odd = client.post(address, {**fields, key: "OR", "version": "x' OR 1=1 --"})
    saved = client.post(address, {**fields, key: "OR", "questions": "What we ask"})

    assert (odd.status_code, saved.status_code) == (422, 302)
    with scopes_disabled():
        stored = Letter.objects.get(pk=draft.pk)
    assert stored.questions == "What we ask"
    assert stored.recipient_organization == "Harbor TMS Center"


@pytest.mark.parametrize(
    "raw",
    [
        "a: !!python/object/apply:os.system ['true']",
        "a: 1\na: 2",
        "a: &x [1]\nb: *x",
    ],
)
def test_s26_yaml_that_does_more_than_say_values_is_refused(raw: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(raw)

    with pytest.raises(YamlRefused):
        read_yaml(file)


def test_s31_log_line_is_one_line_whatever_a_client_calls_itself(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, forged = StringIO(), "x\nlevel='error' \x1b[31m\u2028"
    logger = structlog.wrap_logger(
        structlog.WriteLogger(written), processors=structlog.get_config()["processors"]
    )
    monkeypatch.setattr(request_log, "log", logger)

    client.generic(f"GET{forged}", "/accounts/login/", headers={"user-agent": forged})
    client.post("/accounts/login/", {"login": forged, "password": forged})

    lines = written.getvalue().splitlines()
    assert len(lines) == 2
    assert "\\nLEVEL=" in lines[0]
    assert "\x1b" not in written.getvalue()
    assert "error" not in lines[1]


def test_s45_pages_about_patients_are_stored_nowhere(
    therapist: User, client_for: ClientFor
) -> None:
    letter = make_signed(therapist)
    client = client_for(therapist)

    for address in (
        reverse("cases:list"),
        reverse("cases:case", args=[letter.case_id]),
        reverse("letters:letter", args=[letter.case_id, letter.pk]),
        reverse("letters:pdf", args=[letter.pk]),
        reverse("history:history", args=[letter.case_id]),
        reverse("consents:consents", args=[letter.case_id]),
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        assert "no-store" in response["Cache-Control"], address


def test_s64_one_address_is_one_account(therapist: User) -> None:
    make_user(email="Somebody@Example.test")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(email="somebody@example.TEST")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=therapist.pk).update(email="SOMEBODY@example.test")


def test_s47_refused_reads_are_written_down_too(
    therapist: User, other_therapist: User, client_for: ClientFor
) -> None:
    case = make_case(therapist)

    client_for(other_therapist).get(reverse("cases:case", args=[case.pk]))

    event = Event.objects.get(outcome="refused")
    assert event.actor == other_therapist
    assert event.object_id == str(case.pk)


@pytest.mark.parametrize(
    "scores",
    [
        {"items": [0] * 8 + [1]},
        {"items": [None] * 8 + [3]},
        {"total": 10, "item9": 2},
    ],
)
def test_s65_item9_opens_a_task_in_whatever_form(therapist: User, scores: dict[str, Any]) -> None:
    case = make_case(therapist, phq9=scores)

    with clinic_of(therapist):
        assert SafetyTask.objects.filter(case=case).exists()
