"""The care team of a case: chosen from the directory, one who leads, and the walls around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect

from decisions.care_team.actions import add_member
from decisions.care_team.models import TeamMember
from decisions.cases.models import Case
from kapnet.core.audit.models import Event
from kapnet.core.directory.actions import switch_site
from kapnet.core.directory.models import Site
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import clinic_of, make_case
from tests.kapnet.core.directory.directory_factories import make_site

Clients = Callable[[User], Client]
Check = Callable[[Page], None]
pytestmark = pytest.mark.django_db


def url(case: Case) -> str:
    return reverse("team:team", args=[case.pk])


def join(case: Case, therapist: User, site: Site, part: str = "tms_provider") -> TeamMember:
    with clinic_of(therapist):
        add_member(case=case, actor=therapist, site=site, part=part)
        return TeamMember.objects.get(case=case, part=part)


def parts_of(case: Case) -> list[str]:
    with scopes_disabled():
        return [one.part for one in TeamMember.objects.filter(case=case, left_at=None)]


def test_somebody_is_added_and_taken_off(therapist: User, staff: User, client_for: Clients) -> None:
    case, site, client = make_case(therapist), make_site(staff), client_for(therapist)

    client.post(url(case), {"site": site.pk, "part": "tms_provider"})
    page = client.get(url(case)).content.decode()
    with scopes_disabled():
        member = TeamMember.objects.get()
    client.post(reverse("team:remove", args=[case.pk, member.pk]))

    assert "Take off" in page
    assert parts_of(case) == []
    with scopes_disabled():
        assert TeamMember.objects.get().left_by == therapist
    written = Event.objects.filter(object_type="team", case_id=case.pk).order_by("id")
    assert [one.action for one in written] == ["team.member_added", "team.member_left"]


def test_only_one_leads(therapist: User, staff: User, client_for: Clients) -> None:
    case, client = make_case(therapist), client_for(therapist)
    join(case, therapist, make_site(staff), "coordinator")
    other = make_site(staff, name="Dr. Other")

    response = client.post(url(case), {"site": other.pk, "part": "coordinator"})

    assert response.status_code == 409
    assert "has somebody who leads" in response.content.decode()
    assert parts_of(case) == ["coordinator"]


@pytest.mark.parametrize("part", ["", "surgeon"])
def test_unknown_part_is_refused_with_a_sentence(
    therapist: User, staff: User, client_for: Clients, part: str
) -> None:
    case, site = make_case(therapist), make_site(staff)

    response = client_for(therapist).post(url(case), {"site": site.pk, "part": part})

    assert response.status_code == 422
    assert parts_of(case) == []


@for_each("which", ["deactivated", "other clinic", "none", "nonsense"], undone=True)
def test_site_that_cannot_be_chosen_is_refused(
    therapist: User, staff: User, other_therapist: User, client_for: Clients, which: str
) -> None:
    case, site = make_case(therapist), make_site(staff)
    with clinic_of(staff):
        switch_site(site=site, actor=staff, is_active=which != "deactivated")
    chosen = {"other clinic": make_site(other_therapist).pk, "none": "", "nonsense": "x"}

    response = client_for(therapist).post(
        url(case), {"site": chosen.get(which, site.pk), "part": "prescriber"}
    )

    assert response.status_code == 422
    assert "Choose somebody" in response.content.decode()
    assert parts_of(case) == []


def test_another_clinic_cannot_reach_a_team(
    therapist: User, staff: User, other_therapist: User, client_for: Clients
) -> None:
    case, site = make_case(therapist), make_site(staff)
    member = join(case, therapist, site)
    client = client_for(other_therapist)

    assert client.get(url(case)).status_code == 404
    assert client.post(url(case), {"site": site.pk, "part": "prescriber"}).status_code == 404
    assert client.post(reverse("team:remove", args=[case.pk, member.pk])).status_code == 404
    assert parts_of(case) == ["tms_provider"]


def test_member_of_another_case_is_not_taken_off(
    therapist: User, staff: User, client_for: Clients
) -> None:
    case, other = make_case(therapist), make_case(therapist)
    member = join(case, therapist, make_site(staff))

    response = client_for(therapist).post(reverse("team:remove", args=[other.pk, member.pk]))

    assert response.status_code == 404
    assert parts_of(case) == ["tms_provider"]


@pytest.mark.browser
def test_team_is_chosen_without_javascript_and_accessible(
    therapist: User,
    staff: User,
    signed_in_page: Callable[..., Page],
    fits: Check,
) -> None:
    case = make_case(therapist)
    make_site(staff)
    make_site(staff, name="Dr. Unverified", verified=False, accepts_referrals="no")
    page = signed_in_page(therapist, java_script_enabled=False)

    page.goto(url(case))
    page.get_by_label("Dr. D. Beispiel, Harbor TMS Center").check()
    page.get_by_label("TMS provider", exact=True).check()
    page.get_by_role("button", name="Add to the team").click()

    expect(page.get_by_role("button", name="Take off Dr. D. Beispiel")).to_be_visible()
    scripted = signed_in_page(therapist)
    scripted.goto(url(case))
    fits(scripted)
