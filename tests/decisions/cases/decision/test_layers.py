"""The layers of the decision page: closed, opened by an address, and holding everything."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from decisions.cases.decision.cited import findings_in
from decisions.cases.decision.layers import Layer
from decisions.cases.models import Case
from kapnet.core.people.models import User
from tests.collecting import for_each
from tests.decisions.case_factories import file_for, make_case
from tests.decisions.cases.decision.test_decision_views import decision_url, record
from tests.decisions.rules.cases import read_vignettes, vignette
from tests.rounds import in_part

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
WITHOUT = {Layer.RECORDED}
"""What a case has no layer for: nothing is recorded."""


@pytest.fixture
def client(therapist: User, client_for: ClientFor) -> Client:
    return client_for(therapist)


@pytest.fixture
def case(therapist: User) -> Case:
    return make_case(therapist, **vignette("blood-pressure-unknown"))


def layers_in(html: str) -> dict[str, bool]:
    """Name of each layer -> whether it is open."""
    found = re.findall(r'<details class="k-layer" id="layer-(\w+)"([^>]*)>', html)
    return {name: rest.split()[:1] == ["open"] for name, rest in found}


def read(client: Client, case: Case, query: str = "") -> str:
    return client.get(f"{decision_url(case)}{query}").content.decode()


def test_every_layer_is_closed_and_says_what_is_in_it(client: Client, case: Case) -> None:
    html = read(client, case)

    assert layers_in(html) == {
        name.value: False for name in Layer if name not in WITHOUT | {Layer.PLAN}
    }
    says = re.findall(r"<summary><h2[^>]*>([^<]+)</h2>(?: <span>(.*?)</span>)?</summary>", html)
    assert len(says) == len(layers_in(html))
    assert all(name.strip() for name, _ in says)


@for_each("name", sorted(set(Layer) - {Layer.RECORDED, Layer.PLAN}))
def test_an_address_opens_a_layer(client: Client, case: Case, name: Layer) -> None:
    html = read(client, case, f"?open={name}")

    assert [one for one, is_open in layers_in(html).items() if is_open] == [name.value]


def test_an_odd_address_opens_nothing(client: Client, case: Case) -> None:
    assert not any(layers_in(read(client, case, "?open=everything&open=")).values())


def test_the_drawer_of_a_source_opens_its_layer(client: Client, case: Case) -> None:
    html = read(client, case, "?source=shanok-2024&rule=both.both-against-unproven")

    assert layers_in(html)["reasons"]
    assert 'id="drawer"' in html


def test_what_would_change_it_is_there_without_a_script(client: Client, case: Case) -> None:
    assert "TMS is not within reach." not in read(client, case)
    assert "TMS is not within reach." in read(client, case, "?open=change")


def test_recorded_decisions_have_a_layer(client: Client, case: Case) -> None:
    url = record(client, case)["Location"]

    assert "recorded" in layers_in(read(client, case))
    assert layers_in(client.get(f"{url}?open=reasons").content.decode())["reasons"]


@for_each("name", in_part(one["id"] for one in read_vignettes()), undone=True)
def test_nothing_is_lost_behind_the_answer(client: Client, therapist: User, name: str) -> None:
    """Every sentence of a rule that is true or waits, and every guideline, is on the page."""
    case = make_case(therapist, **vignette(name))
    file = file_for(case, therapist)
    outcome = file.shown
    sentences = {finding.because for finding in findings_in(outcome)}
    sentences |= {
        pending.because
        for one in outcome.options.values()
        for pending in (*one.pending, *one.pending_bars)
    }

    html = unescape(read(client, case))

    assert [one for one in sentences if one not in html] == []


def test_each_link_into_a_layer_leads_to_something(client: Client, case: Case) -> None:
    html = read(client, case)
    ids = set(re.findall(r'id="([^"]+)"', html))
    targets = re.findall(r'href="\?open=(\w+)#([^"]+)" data-opens-layer', html)

    assert targets
    assert all(layer in set(Layer) and target in ids for layer, target in targets)


def test_act_first_takes_the_place_of_the_answer(client: Client, therapist: User) -> None:
    case = make_case(therapist, **vignette("psychotic"))

    html = read(client, case)

    assert 'class="k-answer"' not in html
    assert html.index("Act on this first") < html.index('id="answer-heading"')
    assert reverse("cases:decision", args=[case.pk]) in html
