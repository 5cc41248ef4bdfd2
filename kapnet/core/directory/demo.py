"""Colleagues of the demo clinic: invented, with numbers that reach nobody."""

from __future__ import annotations

from django.db import transaction
from django_scopes import scopes_disabled

from kapnet.core.directory.actions import add_colleague, add_site, verify_site
from kapnet.core.directory.models import Colleague, Part, Site, field_of
from kapnet.core.people.demo import DEMO_CLINIC
from kapnet.core.people.models import Clinic, Role, User

COLLEAGUES = (
    ("Dr. D. Beispiel", "Psychiatrist", Part.TMS_PROVIDER, "Harbor TMS Center", "yes", True),
    ("Dr. B. Muster", "Anesthesiologist", Part.PRESCRIBER, "Bay Ketamine Clinic", "yes", True),
    ("Dr. C. Esempio", "Family physician", Part.GENERAL_PRACTITIONER, "", "not_known", False),
)
"""name, profession, part, organization, accepts referrals, verified"""


@transaction.atomic
def make_demo_directory() -> None:
    """Make the colleagues of the demo clinic, where it has none."""
    with scopes_disabled():
        clinic = Clinic.objects.get(name=DEMO_CLINIC)
        if Colleague.objects.filter(clinic=clinic).exists():
            return
        keeper = User.objects.get(membership__clinic=clinic, membership__role=Role.STAFF)
        for number, one in enumerate(COLLEAGUES, start=1):
            _make(clinic, keeper, number, *one)


def _make(
    clinic: Clinic,
    keeper: User,
    number: int,
    name: str,
    profession: str,
    part: Part,
    organization: str,
    accepts: str,
    verified: bool,
) -> None:
    values = {"name": name, "profession": profession, field_of(part): True}
    colleague = add_colleague(clinic=clinic, actor=keeper, values=values)
    reached = {
        "organization": organization,
        "address": f"{number} Example Avenue, Springfield",
        "phone": f"555-011{number}",
        "secure_reply": f"fax 555-012{number}",
        "accepts_referrals": accepts,
    }
    site: Site = add_site(colleague=colleague, actor=keeper, values=reached)
    if verified:
        verify_site(site=site, actor=keeper, saved_at=site.saved_at)
