"""The therapist of a case is told by mail that a colleague changed it, without any content."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from decisions.cases.case_events import QUIET_FOR
from kapnet.core.people.models import Clinic, Role, User
from tests.decisions.case_factories import answer, make_case
from tests.factories import make_member
from tests.worker import worked

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_mail_without_content_for_many_changes(clinic: Clinic, therapist: User) -> None:
    case = make_case(therapist, name="Maren Sentinel")
    colleague = make_member(clinic=clinic, role=Role.THERAPIST, name="Dr. C. Colleague")
    mail.outbox.clear()

    answer(case, therapist, "age_years", 40)
    worked()
    assert mail.outbox == []
    answer(case, colleague, "age_years", 41)
    answer(case, colleague, "age_years", 42)
    worked()

    (sent,) = mail.outbox
    assert sent.to == [therapist.email]
    assert "a colleague changed one of your cases" in sent.subject
    for hidden in ("Sentinel", f"{case.number:04d}", "Colleague", "age", "42", str(case.pk)):
        assert hidden not in sent.body.replace("colleague", "")
    with time_machine.travel(timezone.now() + QUIET_FOR + timedelta(minutes=1)):
        answer(case, colleague, "age_years", 43)
        worked()
    assert len(mail.outbox) == 2
