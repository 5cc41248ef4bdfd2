"""Facts for letters that were said elsewhere: each is asked once and kept in one row."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from decisions.cases.case_events import record_case_event
from decisions.cases.forms import STATED
from decisions.cases.models import Case
from decisions.letters.models import LetterFacts
from decisions.letters.queries import facts_of
from kapnet.core.people.models import User


def stated_of(case: Case) -> dict[str, str]:
    """What the facts of a case say of a safety task; empty where nobody has written any."""
    facts = facts_of(case)
    return {name: getattr(facts, name) for name in STATED} if facts else {}


def keep_stated(*, case: Case, actor: User, stated: Mapping[str, str]) -> None:
    """Write these facts, and leave the others as they are. Runs in the caller's transaction."""
    if not stated:
        return
    fields = {**stated, "saved_at": timezone.now(), "saved_by": actor}
    LetterFacts.objects.update_or_create(case=case, defaults=fields)
    record_case_event("letter.facts_saved", case, actor)
