"""The recipient of a letter: a site of the directory, or somebody written by hand."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from decisions.care_team.models import TeamMember
from decisions.care_team.queries import team_of
from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case
from decisions.letters.models import Letter
from kapnet.core.directory.models import Site, field_of
from kapnet.core.directory.queries import open_sites
from kapnet.core.people.models import User

PART_FOR = {
    "ketamine": TeamMember.Part.PRESCRIBER,
    "repeat_tms": TeamMember.Part.TMS_PROVIDER,
    "none_now": TeamMember.Part.GENERAL_PRACTITIONER,
}
"""Option asked for -> the part of the care team that is asked."""
BOTH = (TeamMember.Part.PRESCRIBER, TeamMember.Part.TMS_PROVIDER)
"""Who may be asked for both at once: one of them, as the clinician chooses."""

LIKELY_SHOWN = 4
"""More than these are chosen on the page of the directory."""


class LetterNotDraftError(Exception):
    """The letter is signed: its recipient is what it was."""


def recipient_at(site: Site) -> dict[str, str]:
    """A site as the head of a letter names it."""
    return {
        "name": site.colleague.name,
        "organization": site.organization,
        "address": site.address,
        "phone": site.phone,
        "secure_reply": site.secure_reply,
    }


def columns_of(site: Site) -> dict[str, str]:
    """The same, by column of the letter: lists and searches read them."""
    return {f"recipient_{name}": text for name, text in recipient_at(site).items()}


@transaction.atomic
def choose_recipient(*, letter: Letter, actor: User, site: Site | None) -> None:
    """Address a draft to a site of the directory; None: somebody whom the directory lacks.

    What the head says stays then, to be written over; that they treat the patient is asked again,
    as no tick at signing names them. A site whose part is asked for is written to for treatment:
    the tick at signing says so. Raises LetterNotDraftError.
    """
    drafts = Letter.objects.filter(pk=letter.pk, status=Letter.Status.DRAFT)
    named: dict[str, object] = {**columns_of(site)} if site else {}
    if site is None and letter.recipient_site_id and letter.shared_for_treatment:
        named["shared_for_treatment"] = None
    parts = _parts_for(letter.request_option or "")
    has_part = site and any(getattr(site.colleague, field_of(one)) for one in parts)
    if has_part:
        # Whoever states another basis meanwhile is not overruled.
        named["shared_for_treatment"] = Coalesce("shared_for_treatment", Value(True))
    if not drafts.update(recipient_site=site, saved_at=timezone.now(), **named):
        raise LetterNotDraftError
    action = "letter.recipient_chosen" if site else "letter.recipient_by_hand"
    record_case_event(action, letter.case, actor, letter.pk)


def likely_recipients(option: str) -> list[Site]:
    """Open sites of the directory whose colleague has a part that this option is asked of."""
    parts = ((f"colleague__{field_of(part)}", True) for part in _parts_for(option))
    has_one = Q(*parts, _connector=Q.OR)
    return list(open_sites().filter(has_one)[:LIKELY_SHOWN]) if has_one else []


def _parts_for(option: str) -> tuple[TeamMember.Part, ...]:
    part = PART_FOR.get(option)
    return (part,) if part else BOTH if option == "both" else ()


def recipient_for(case: Case, option: str) -> Site | None:
    """Whom a new letter is addressed to at first: the signer confirms it or chooses another.

    The one member of the care team whom this option is asked of. Without a team: the only site of
    the directory that may be meant, if it is verified and takes referrals. Whom another patient was
    sent to says nothing of this one.
    """
    part = PART_FOR.get(option)
    members = [one.site for one in team_of(case) if one.part == part]
    if members:
        able = [one for one in members if one.is_open]
        return able[0] if len(able) == 1 else None
    some = list(_sites_for(option)[:2])
    sure = [one for one in some if one.is_verified and one.accepts_referrals != Site.Accepts.NO]
    return sure[0] if len(some) == 1 and sure else None


def _sites_for(option: str) -> QuerySet[Site]:
    part = PART_FOR.get(option)
    sites = open_sites()
    return sites.filter(**{f"colleague__{field_of(part)}": True}) if part else sites.none()
