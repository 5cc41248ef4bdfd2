"""Every text that somebody types: hidden characters are refused, and what was typed stays."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from decisions.letters.forms import FactsForm, LetterForm
from decisions.letters.models import LetterFacts
from kapnet.core.people.models import User
from kapnet.core.web.plain_forms import PlainTextForm, refuse_hidden
from tests.decisions.case_factories import make_case
from tests.decisions.letters.stored_letters import make_draft

ROOT = Path(settings.BASE_DIR)
HIDDEN = {"zero width": "\u200b", "turning": "\u202e", "isolating": "\u2066", "soft": "\u00ad"}
NOT_KEPT = {
    "SignInForm": "an email and a password",
    "ForgottenPasswordForm": "an email",
    "AddPasskeyForm": "of the library that keeps second factors",
    "PasskeyForm": "no text",
    "PasskeyAgainForm": "no text",
    "AuthenticateForm": "a code",
    "ReauthenticateForm": "a code",
    "SignForm": "a password",
    "AgreeForm": "a password",
    "BeginForm": "a passphrase",
    "CodeForm": "a code",
    "FilterForm": "words that are searched for",
    "SearchForm": "words that are searched for",
    "AuditLogForm": "words that are searched for",
    "WorkListForm": "words that are searched for",
    "ListForm": "words that are searched for",
}
"""Forms whose text is kept nowhere, or is none that people read."""


def forms_of_the_app() -> list[type[forms.BaseForm]]:
    """Every form class that the app itself defines."""
    found = {}
    for root in ("kapnet", "decisions", "evidence"):
        for file in sorted((ROOT / root).rglob("*.py")):
            if "Form" not in (text := file.read_text()) or "class " not in text:
                continue
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            if ".migrations." in name or name.endswith("__init__"):
                continue
            for one in vars(importlib.import_module(name)).values():
                is_form = isinstance(one, type) and issubclass(one, forms.BaseForm)
                if is_form and one.__module__ == name and one is not PlainTextForm:
                    found[f"{name}.{one.__name__}"] = one
    return list(found.values())


def texts_of(form: type[forms.BaseForm]) -> Iterator[str]:
    for name, field in getattr(form, "base_fields", {}).items():
        is_text = isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField)
        if is_text and not isinstance(field.widget, forms.HiddenInput):
            yield name


def test_every_form_with_a_text_that_is_kept_refuses_hidden_characters() -> None:
    with_text = [one for one in forms_of_the_app() if any(texts_of(one))]

    open_to_hidden = {one.__name__ for one in with_text if not issubclass(one, PlainTextForm)}
    assert len(with_text) > 30
    assert open_to_hidden <= NOT_KEPT.keys()


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_refusal_names_what_was_found_and_after_which_words(hidden: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        refuse_hidden(f"Dose was raised in March.\nMetoprolol {hidden}50 mg{hidden}")

    assert refused.value.message == (
        f"This text has characters that cannot be seen (U+{ord(hidden):04X}), the first after "
        "“in March. Metoprolol”. Type it again without them."
    )


def test_refusal_of_what_begins_with_it_names_no_place() -> None:
    with pytest.raises(forms.ValidationError, match=r"\(U\+200B\)\. Type"):
        refuse_hidden("\u200bName")


def typed_fields(form: type[forms.BaseForm]) -> list[str]:
    return [name for name in texts_of(form) if name != "version"]


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", ["\u200b", "\u202e"])
def test_facts_with_hidden_characters_are_not_saved_and_stay_on_the_page(
    therapist: User, client_for: Callable[[User], Client], hidden: str
) -> None:
    case = make_case(therapist)
    typed = {name: f"Typed {hidden}{name}"[:60] for name in typed_fields(FactsForm)}
    client, address = client_for(therapist), reverse("letters:facts", args=[case.pk])

    page = client.post(address, typed)

    said = page.content.decode()
    refused = {*page.context["form"].errors}
    asked = {*page.context["form"].fields}
    assert page.status_code == 422
    assert refused >= {name for name in typed if name in asked and is_text(page, name)}
    assert len(refused) > 10
    assert "characters that cannot be seen" in said
    assert f"Typed {hidden}diagnosis_code" in said
    with scopes_disabled():
        assert not LetterFacts.objects.filter(case=case).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("htmx", [False, True])
def test_draft_with_hidden_characters_is_not_saved_and_stays_on_the_page(
    therapist: User, client_for: Callable[[User], Client], *, htmx: bool
) -> None:
    draft = make_draft(therapist)
    client, address = (
        client_for(therapist),
        reverse("letters:letter", args=[draft.case_id, draft.pk]),
    )
    typed = {name: f"Typed \u202e{name}"[:40] for name in typed_fields(LetterForm)}
    heads = {"HX-Request": "true"} if htmx else {}

    page = client.post(address, typed, headers=heads)

    refused = {*page.context["form"].errors}
    assert page.status_code == 422
    assert refused >= {name for name in typed if is_text(page, name)}
    said = page.content.decode()
    assert "characters that cannot be seen (U+202E), the first after “Typed”" in said
    assert "Not saved." in said or not htmx
    assert htmx or "Typed \u202ereasoning" in said  # else the fields stay as they are
    with scopes_disabled():
        draft.refresh_from_db()
    assert "Typed" not in draft.reasoning


def is_text(page: Any, name: str) -> bool:
    field = page.context["form"].fields.get(name)
    return isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField)


def test_title_of_a_page_says_that_its_form_was_refused() -> None:
    titles = {
        path.name: re.search(r"{% block title %}(.*?){% endblock", text)
        for path in (ROOT / "templates").rglob("*.html")
        if "forms/_errors.html" in (text := path.read_text())
    }

    assert len(titles) > 40
    assert [name for name, title in titles.items() if title and "Error: " not in title[1]] == []
