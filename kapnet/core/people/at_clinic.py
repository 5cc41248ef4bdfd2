"""Where something is done: rows of one clinic alone, and its day and its clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from django_scopes import scope

from kapnet.core.people.models import Clinic


@contextmanager
def at_clinic(clinic: Clinic) -> Iterator[None]:
    """Within it, every query is of this clinic and every day is one of its time zone.

    Requests and jobs of workers alike: the installation may be in another zone.
    """
    with scope(clinic=clinic), timezone.override(clinic.zone):
        yield
