"""People and a signed letter that the tests of a file begin with: made once for all of them.

A signed letter costs half a second. A file that writes

    keeps, kept, clinic, therapist, staff, letter = MADE_ONCE

has these fixtures in place of the usual ones, and may have a `kept` of its own. Each of its tests
takes back what it does; none may commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django_scopes import scopes_disabled
from pytest_django import DjangoDbBlocker

from decisions.letters.models import Letter
from kapnet.core.people.models import Clinic, Role, User
from tests.around import around_all
from tests.decisions.letters.stored_letters import make_signed
from tests.factories import make_clinic, make_member

Keeps = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Kept:
    """The keys of a clinic, of its people, and of a signed letter of its therapist."""

    clinic: Any
    therapist: Any
    staff: Any
    letter: Any

    @classmethod
    def make(cls, **of_clinic: Any) -> Kept:
        """As the usual fixtures make them. of_clinic: what else is set of the clinic."""
        clinic = make_clinic()
        Clinic.objects.filter(pk=clinic.pk).update(**of_clinic)
        therapist = make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. A. Sample")
        staff = make_member(clinic=clinic, role=Role.STAFF, name="S. Staff")
        return cls(clinic.pk, therapist.pk, staff.pk, make_signed(therapist).pk)


@pytest.fixture(scope="module")
def keeps(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Keeps:
    """What is written within it stays until it ends, and is taken back then."""

    @contextmanager
    def keep() -> Iterator[None]:
        with django_db_blocker.unblock(), around_all():
            yield
            transaction.set_rollback(True)

    return keep


@pytest.fixture(scope="module")
def kept(keeps: Keeps) -> Iterator[Kept]:
    with keeps():
        yield Kept.make()


@pytest.fixture
def clinic(kept: Kept, db: None) -> Clinic:
    """The clinic most tests are about."""
    return Clinic.objects.get(pk=kept.clinic)


@pytest.fixture
def therapist(kept: Kept, db: None) -> User:
    """A therapist of `clinic`."""
    return User.objects.get(pk=kept.therapist)


@pytest.fixture
def staff(kept: Kept, db: None) -> User:
    """A staff member of `clinic`."""
    return User.objects.get(pk=kept.staff)


@pytest.fixture
def letter(kept: Kept, db: None) -> Letter:
    """A signed letter of `therapist`."""
    related = ("clinic", "case__clinic", "case__therapist", "decision__case", "seal")
    with scopes_disabled():
        return Letter.objects.select_related(*related).get(pk=kept.letter)


MADE_ONCE = (keeps, kept, clinic, therapist, staff, letter)
