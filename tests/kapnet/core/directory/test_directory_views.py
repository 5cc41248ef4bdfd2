"""The directory's pages: find, add, change, verify, deactivate; and the walls around them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django_scopes import scopes_disabled

from kapnet.core.audit.models import Event
from kapnet.core.directory.models import Colleague, Site
from kapnet.core.people.models import Role, User
from tests.collecting import for_each
from tests.factories import make_member
from tests.kapnet.core.directory.directory_factories import REACHED, make_site

Clients = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def url(name: str, site: Site) -> str:
    own = [site.colleague_id] if name in ("colleague", "edit", "switch", "new_site") else []
    return reverse(f"directory:{name}", args=own or [site.colleague_id, site.pk])


def stored(site: Site) -> Site:
    with scopes_disabled():
        return Site.objects.select_related("colleague").get(pk=site.pk)


def test_colleague_is_added_with_a_site_and_verified(staff: User, client_for: Clients) -> None:
    client = client_for(staff)

    added = client.post(
        reverse("directory:new"), {"name": "Dr. N. New", "parts": ["prescriber", "tms_provider"]}
    )
    page = client.post(added["Location"], REACHED, follow=True).content.decode()
    with scopes_disabled():
        site = Site.objects.select_related("colleague").get()
    verified = client.post(
        url("verify_site", site), {"version": site.saved_at.isoformat()}, follow=True
    )

    assert "Not verified" in page
    assert "Prescriber of ketamine or esketamine; TMS provider" in page
    assert "Verified" in verified.content.decode()
    assert stored(site).verified_by == staff
    assert [one.action for one in Event.objects.filter(object_type="directory").order_by("id")] == [
        "directory.colleague_added",
        "directory.site_added",
        "directory.site_verified",
    ]


@for_each(
    ("query", "found"),
    [
        ("q=beispiel", True),
        ("q=harbor+street", True),
        ("q=555-0111", True),
        ("q=nobody", False),
        ("q=lukasz", True),
        ("q=Łukasz+harbor", True),
        ("part=tms_provider", True),
        ("part=prescriber", False),
        ("part=no-such-part", True),
        ("q=%00", True),
    ],
    undone=True,
)
def test_colleagues_are_found(
    staff: User, therapist: User, client_for: Clients, query: str, found: bool
) -> None:
    make_site(staff, colleague={"is_tms_provider": True, "profession": "Łukasz-Institut"})

    page = client_for(therapist).get(f"{reverse('directory:list')}?{query}").content.decode()

    assert ("Dr. D. Beispiel" in page) is found


@for_each("change", ["organization", "address", "phone", "secure_reply"], undone=True)
def test_changed_detail_is_not_verified_any_more(
    staff: User, client_for: Clients, change: str
) -> None:
    site = make_site(staff)
    data = {**REACHED, change: "Another", "version": site.saved_at.isoformat()}

    client_for(staff).post(url("edit_site", site), data)

    assert getattr(stored(site), change) == "Another"
    assert not stored(site).is_verified


def test_site_stays_verified_when_only_acceptance_changes(staff: User, client_for: Clients) -> None:
    site = make_site(staff)
    data = {**REACHED, "accepts_referrals": "no", "version": site.saved_at.isoformat()}

    client_for(staff).post(url("edit_site", site), data)

    assert stored(site).accepts_referrals == "no"
    assert stored(site).is_verified


def test_another_name_is_not_verified(staff: User, client_for: Clients) -> None:
    site = stored(make_site(staff))
    version = site.colleague.saved_at.isoformat()

    client_for(staff).post(url("edit", site), {"name": "Dr. Somebody Else", "version": version})

    assert stored(site).colleague.name == "Dr. Somebody Else"
    assert not stored(site).is_verified


def test_two_who_change_one_site_do_not_overwrite_each_other(
    staff: User, client_for: Clients
) -> None:
    site, client = make_site(staff), client_for(staff)
    version = site.saved_at.isoformat()

    client.post(url("edit_site", site), {**REACHED, "phone": "555-0001", "version": version})
    second = client.post(
        url("edit_site", site), {**REACHED, "phone": "555-0002", "version": version}
    )

    assert second.status_code == 409
    assert "555-0002" in second.content.decode()
    assert stored(site).phone == "555-0001"


def test_details_changed_meanwhile_are_not_verified(staff: User, client_for: Clients) -> None:
    site, client = make_site(staff, verified=False), client_for(staff)
    seen = site.saved_at.isoformat()
    client.post(url("edit_site", site), {**REACHED, "phone": "555-0001", "version": seen})

    page = client.post(url("verify_site", site), {"version": seen}, follow=True).content.decode()

    assert "Nothing was verified" in page
    assert not stored(site).is_verified


def test_nothing_is_removed_by_deactivating(staff: User, client_for: Clients) -> None:
    site, client = make_site(staff), client_for(staff)

    client.post(url("switch_site", site), {"to": "inactive"})
    client.post(url("switch", site), {"to": "inactive"})
    client.post(url("switch", site), {"to": "inactive"})
    page = client.get(reverse("directory:list")).content.decode()

    assert not stored(site).is_active
    assert not stored(site).colleague.is_active
    assert "Deactivated" in page


def test_colleague_without_a_name_comes_back_with_what_was_typed(
    staff: User, client_for: Clients
) -> None:
    page = client_for(staff).post(
        reverse("directory:new"), {"name": "", "profession": "Nurse", "parts": ["therapist"]}
    )

    assert page.status_code == 422
    html = page.content.decode()
    assert "Enter the name of the person or service" in html
    assert 'value="Nurse"' in html
    assert 'value="therapist" checked' in html


@for_each(
    "name",
    ["new", "edit", "switch", "new_site", "edit_site", "verify_site", "switch_site"],
    undone=True,
)
def test_therapist_reads_and_changes_nothing(
    staff: User, therapist: User, client_for: Clients, name: str
) -> None:
    site, client = make_site(staff, verified=False), client_for(therapist)
    address = reverse("directory:new") if name == "new" else url(name, site)

    response = client.post(address, {"name": "X", **REACHED, "phone": "0", "to": "inactive"})

    assert response.status_code == 403
    assert (stored(site).phone, stored(site).is_active) == ("555-0111", True)
    assert client.get(url("colleague", site)).status_code == 200


@for_each(
    ("method", "name"),
    [
        ("get", "colleague"),
        ("post", "edit"),
        ("post", "switch"),
        ("post", "new_site"),
        ("post", "edit_site"),
        ("post", "verify_site"),
        ("post", "switch_site"),
    ],
    undone=True,
)
def test_another_clinic_finds_nothing(
    staff: User, other_therapist: User, client_for: Clients, method: str, name: str
) -> None:
    site = make_site(staff, verified=False)
    keeper = make_member(clinic=other_therapist.membership.clinic, role=Role.STAFF)
    data = {"name": "X", **REACHED, "phone": "0", "to": "inactive"}
    data["version"] = site.saved_at.isoformat()

    response = getattr(client_for(keeper), method)(url(name, site), data)

    assert response.status_code == 404
    assert (stored(site).phone, stored(site).is_verified) == ("555-0111", False)
    assert Event.objects.filter(actor=keeper, outcome="refused").count() == 1
    page = client_for(keeper).get(f"{reverse('directory:list')}?q=beispiel").content.decode()
    assert "Dr. D. Beispiel" not in page


def test_site_of_another_colleague_is_404(staff: User, client_for: Clients) -> None:
    site, other = make_site(staff), make_site(staff, name="Dr. Other")

    address = reverse("directory:edit_site", args=[other.colleague_id, site.pk])

    assert client_for(staff).get(address).status_code == 404


@for_each("role", ["name", "profession", "license_number"])
@for_each("hidden", ["\u202e", "\u200b", "\u2066", "\x07", "\u200f"], undone=True)
def test_s29_hidden_characters_in_names_are_refused_by_name(
    staff: User, client_for: Clients, role: str, hidden: str
) -> None:
    data = {"name": "Dr. N. New", role: f"Dr. {hidden}Wen"}

    page = client_for(staff).post(reverse("directory:new"), data)

    assert page.status_code == 422
    assert f"U+{ord(hidden):04X}" in page.content.decode()
    with scopes_disabled():
        assert not Colleague.objects.exists()


def test_s29_accents_are_kept_in_one_spelling(staff: User, client_for: Clients) -> None:
    client_for(staff).post(reverse("directory:new"), {"name": "Dr. Rene\u0301 Łukasz 😀"})

    with scopes_disabled():
        assert Colleague.objects.get().name == "Dr. Ren\u00e9 Łukasz 😀"


@for_each(
    "text",
    ['"><img src=x onerror=alert(1)>', "<script>1</script>", "{{7*7}}", "{% debug %}", "${7*7}"],
    undone=True,
)
def test_s16_markup_in_an_entry_is_shown_literally(
    staff: User, client_for: Clients, text: str
) -> None:
    site = make_site(staff, name=text, organization=text, address=text, secure_reply=text)
    client = client_for(staff)

    for address in (reverse("directory:list"), url("colleague", site), url("edit_site", site)):
        html = client.get(address).content.decode()
        assert escape(text) in html


def test_s08_hidden_fields_of_the_row_are_ignored(staff: User, client_for: Clients) -> None:
    data = {"name": "Dr. N. New", "is_active": "", "clinic": "x", "id": "x", "verified_on": "2026"}

    client_for(staff).post(reverse("directory:new"), data)

    with scopes_disabled():
        entry = Colleague.objects.get()
    assert entry.is_active
    assert entry.clinic == staff.membership.clinic
