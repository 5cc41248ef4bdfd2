"""Every write to care teams, each with one audit event."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from decisions.care_team.models import TeamMember
from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case
from kapnet.core.directory.models import Site
from kapnet.core.people.models import User


class TeamPartTakenError(Exception):
    """The team has this colleague with this part, or has somebody who leads, already."""


def add_member(*, case: Case, actor: User, site: Site, part: str) -> None:
    """Add a colleague with one part. Raises TeamPartTakenError."""
    try:
        with transaction.atomic():
            TeamMember.objects.create(case=case, site=site, part=part, added_by=actor)
            record_case_event("team.member_added", case, actor, site.pk)
    except IntegrityError as error:
        raise TeamPartTakenError from error


@transaction.atomic
def remove_member(*, member: TeamMember, actor: User) -> None:
    """Take somebody off the team; that they were on it stays written down."""
    present = TeamMember.objects.filter(pk=member.pk, left_at=None)
    if present.update(left_at=timezone.now(), left_by=actor):
        record_case_event("team.member_left", member.case, actor, member.site_id)
