"""The references that letters rest on, open to whoever holds a letter."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from evidence.loading import load_dossier
from tests.evidence.evidence_factories import load_own_dossier, withdraw

pytestmark = pytest.mark.django_db

PAGE = reverse("evidence:named_sources")
PHILIP = "philip-2016"


def test_every_source_of_a_release_is_named_with_its_doi_to_a_visitor() -> None:
    load_own_dossier()
    first = load_dossier().release
    later = withdraw(PHILIP).name

    then, now = (Client().get(PAGE, {"release": one}).content.decode() for one in (first, later))

    assert all(f'id="{one.key}"' in then for one in load_dossier().sources)
    assert 'href="https://doi.org/10.1016/j.brs.2015.11.007"' in then
    assert "supports nothing" not in then.split(f'id="{PHILIP}"')[1].split("</li>")[0]
    assert "supports nothing" in now.split(f'id="{PHILIP}"')[1].split("</li>")[0]
    assert f"Sources of release {later}" in Client().get(PAGE).content.decode()


def test_release_that_is_not_there_is_not_found() -> None:
    load_own_dossier()

    for name in ("2001-01", "x" * 5000, "'"):
        assert Client().get(PAGE, {"release": name}).status_code == 404
