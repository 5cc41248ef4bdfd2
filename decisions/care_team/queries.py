"""Every shared read of care teams."""

from __future__ import annotations

from django.db.models import QuerySet

from decisions.care_team.models import TeamMember
from decisions.cases.models import Case


def team_of(case: Case) -> QuerySet[TeamMember]:
    """Who is on the team of a case now, in the order in which they came."""
    present = TeamMember.objects.filter(case=case, left_at=None)
    return present.select_related(
        "case__clinic", "site__colleague", "site__verified_by", "added_by"
    ).order_by("pk")


def coordinator_of(case: Case) -> TeamMember | None:
    """Who leads when two treatments run together; None while nobody is named."""
    return team_of(case).filter(part=TeamMember.Part.COORDINATOR).first()
