"""Moving a case to a later edition: offered on its page, done by a person, everything kept."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from decisions.cases.actions import AnswersChangedError
from decisions.cases.case_columns import keep_urgency_of, lock_open_case
from decisions.cases.case_events import record_case_event
from decisions.cases.case_file import CaseFile
from decisions.cases.models import Case, EditionMove
from decisions.cases.queries import file_of
from decisions.rules import loading
from decisions.rules.engine.edition import Edition
from decisions.rules.logic.values import sha256_of
from kapnet.core.people.models import User


def offered_edition(case: Case) -> str | None:
    """The edition that new cases are asked by, where this case was begun under an earlier one."""
    current = loading.CURRENT_EDITION
    is_earlier = loading.edition_order(case.edition) < loading.edition_order(current)
    return current if is_earlier else None


def moves_of(case: Case) -> QuerySet[EditionMove]:
    """The moves of a case, the newest first."""
    return EditionMove.objects.filter(case=case).select_related("moved_by").order_by("-pk")


def fingerprint_of_move(file: CaseFile, edition: Edition) -> str:
    """Changes with all that the page of a move shows: the answers, and both editions."""
    return sha256_of([file.fingerprint, edition.sha256])


def move_case(*, case: Case, actor: User, to: str, fingerprint: str) -> bool:
    """Let a case work under a later edition; False where somebody moved it there before.

    Answers, decisions and letters stay as they are. fingerprint: that of the page on which the
    person read what changes. Raises AnswersChangedError when it is another by now, and
    CaseClosedError.
    """
    try:
        with transaction.atomic():
            locked = lock_open_case(case)
            if locked.edition == to:
                return False
            _check_page(file_of(locked), to, fingerprint)
            _move(locked, actor, to)
    except IntegrityError:
        return False
    return True


def _check_page(file: CaseFile, to: str, fingerprint: str) -> None:
    if to != offered_edition(file.case):
        raise AnswersChangedError
    if fingerprint != fingerprint_of_move(file, loading.load_edition(to)):
        raise AnswersChangedError


def _move(case: Case, actor: User, to: str) -> None:
    EditionMove.objects.create(
        case=case,
        from_edition=case.edition,
        to_edition=to,
        moved_at=timezone.now(),
        moved_by=actor,
    )
    record_case_event("case.moved", case, actor, reason=f"{case.edition} to {to}")
    Case.objects.filter(pk=case.pk).update(edition=to)
    keep_urgency_of(case)
