"""The tour of somebody who signs in for the first time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from kapnet.core.audit.models import Event
from kapnet.core.people.models import User

pytestmark = pytest.mark.django_db
TOUR, LIST = reverse("cases:tour"), reverse("cases:list")


def test_five_stops_lead_on_and_the_tour_is_offered_until_it_is_ended(
    therapist: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(therapist)
    assert "Take the tour" in client.get(LIST).content.decode()

    heads = set()
    for stop in range(1, 6):
        html = client.get(TOUR, {"stop": stop}).content.decode()
        assert f"stop {stop} of 5" in html
        assert (f"?stop={stop + 1}" in html) is (stop < 5)
        assert ("Skip the tour" in html) is (stop < 5)
        heads.add(html[html.index("<h1>") : html.index("</h1>")])
    assert len(heads) == 5
    for odd in ("0", "6", "x", "١"):
        assert "stop 1 of 5" in client.get(TOUR, {"stop": odd}).content.decode()
    assert "Take the tour" in client.get(LIST).content.decode()
    assert client.post(reverse("cases:end_tour"))["Location"] == LIST
    assert "Take the tour" not in client.get(LIST).content.decode()
    assert Event.objects.filter(action="tour.ended", actor=therapist).count() == 1
