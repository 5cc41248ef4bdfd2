"""CDS Hooks 2.0: what is offered, cards for a call, and what became of them."""

from __future__ import annotations

import time
from typing import Any, Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from decisions.cds.asked import HOOKS, PREFETCH, SERVICES, Asked, read_call
from decisions.cds.cards import Guidance, Link, cards_for, in_json
from decisions.cds.keeping import keep_cards, keep_feedback, read_feedback
from decisions.cds.signed import signed_view
from decisions.cds.words import hook_words
from decisions.rules.loading import load_edition
from evidence.queries import current_evidence
from kapnet.core.clients.addresses import called_address, whole
from kapnet.core.clients.door import ApiRequest, open_api_view, read_json
from kapnet.core.clients.launching import LAUNCH, can_launch
from kapnet.core.web.fhir_answers import json_answer

SECONDS: Final = 0.5
"""A caller waits no longer: then there is no card, and the log says so."""
VERSION: Final = "1.0.0"
log = structlog.get_logger()


@open_api_view
def discovery(request: HttpRequest) -> HttpResponse:
    """The services, and what has to come with a call."""
    words = hook_words()
    services = [
        {
            "hook": hooks[0],
            "id": address,
            "title": words.services[SERVICES[address]].title,
            "description": words.services[SERVICES[address]].description,
            "version": VERSION,
            "prefetch": dict(PREFETCH[SERVICES[address]]),
        }
        for address, hooks in HOOKS.items()
    ]
    return json_answer({"services": services})


@signed_view(event="cds.asked")
def service(request: ApiRequest, address: str) -> HttpResponse:
    """Cards for a call; none where there is nothing to say, or saying it took too long."""
    started = time.monotonic()
    asked = read_call(address, read_json(request))
    guidance = Guidance(load_edition(), hook_words(), current_evidence())
    cards = cards_for(SERVICES[address], asked, guidance, today=timezone.localdate())
    if time.monotonic() - started > SECONDS:
        log.warning("cds_slow", service=address)
        cards = []
    rows = (
        keep_cards(
            cards,
            client=request.api_client,
            service=SERVICES[address],
            hook=asked.hook,
            edition=guidance.edition.id,
        )
        if cards
        else []
    )
    link = _link(request, asked)
    label = settings.PRODUCT_NAME
    shown: list[dict[str, Any]] = [
        in_json(card, str(row.pk), guidance, link=link, label=label)
        for card, row in zip(cards, rows, strict=True)
    ]
    return json_answer({"cards": shown})


def _link(request: ApiRequest, asked: Asked) -> Link:
    """A launch with the patient where that works; else the list of cases."""
    if can_launch(request.api_clinic, asked.fhir_server):
        return Link(whole(request, LAUNCH), "smart")
    return Link(called_address(request, "cases:list"), "absolute")


@signed_view(event="cds.feedback")
def feedback(request: ApiRequest, address: str) -> HttpResponse:
    """What became of cards."""
    said = read_feedback(read_json(request), hook_words())
    keep_feedback(said, client=request.api_client, service=SERVICES[address])
    return json_answer({})
