"""Which cards were shown and what became of them: kept for some time, without the patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_scopes import scopes_disabled

from decisions.cds.cards import Card
from decisions.cds.models import CardFeedback, ShownCard
from decisions.cds.words import HookWords
from kapnet.core.clients.models import ApiClient
from kapnet.core.web.fhir_answers import FhirRefused

KEPT: Final = timedelta(days=90)
MOST_AT_ONCE: Final = 100
OVERRIDDEN: Final = "overridden"
LEAST_YEAR, MOST_YEAR = 2000, 2999


@dataclass(frozen=True)
class Said:
    """What a system says of one card."""

    card_id: UUID
    reason: str
    outcome_at: datetime


def keep_cards(
    cards: Iterable[Card], *, client: ApiClient, service: str, hook: str, edition: str
) -> list[ShownCard]:
    """A row for each card, in their order."""
    return [
        ShownCard.objects.create(
            clinic=client.clinic,
            client=client,
            service=service,
            hook=hook,
            kind=card.kind.value,
            edition=edition,
            rules=list(card.rules),
        )
        for card in cards
    ]


def read_feedback(body: Mapping[str, Any], words: HookWords) -> list[Said]:
    """Raises FhirRefused (400). A comment is read over and not kept: it may name a patient."""
    rows = body.get("feedback")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_AT_ONCE:
        raise _odd(f"feedback has to be a list of 1 to {MOST_AT_ONCE}")
    return [_said(one, words) for one in rows]


def _said(one: object, words: HookWords) -> Said:
    if not isinstance(one, dict):
        raise _odd("Each feedback has to be an object")
    if one.get("outcome") not in ("accepted", OVERRIDDEN):
        raise _odd("outcome has to be accepted or overridden")
    if one["outcome"] == "accepted":
        raise _odd("No card had a suggestion that could be accepted")
    if "acceptedSuggestions" in one:
        raise _odd("acceptedSuggestions belongs to accepted")
    return Said(_card_id(one.get("card")), _reason(one, words), _moment(one))


def _card_id(value: object) -> UUID:
    try:
        return UUID(value) if isinstance(value, str) else UUID("")
    except ValueError:
        raise _odd("card has to be the uuid of a card") from None


def _reason(one: Mapping[str, Any], words: HookWords) -> str:
    given = one.get("overrideReason", {})
    if not isinstance(given, dict):
        raise _odd("overrideReason has to be an object")
    reason = given.get("reason", {})
    if not isinstance(reason, dict) or not isinstance(given.get("userComment", ""), str):
        raise _odd("overrideReason has a reason, a userComment, or both")
    if "reason" in given and not isinstance(reason.get("code"), str):
        raise _odd("overrideReason.reason needs a code")
    known = {reason.code for reason in words.override_reasons}
    code = str(reason.get("code", ""))
    return code if code in known else ""


def _moment(one: Mapping[str, Any]) -> datetime:
    said = one.get("outcomeTimestamp")
    try:
        moment = parse_datetime(said) if isinstance(said, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not LEAST_YEAR <= moment.year <= MOST_YEAR:
        raise _odd("outcomeTimestamp has to be a time with its zone")
    return moment


@transaction.atomic
def keep_feedback(said: list[Said], *, client: ApiClient, service: str) -> None:
    """Once for each card and time; said again it changes nothing. Raises FhirRefused (404)."""
    ids = {one.card_id for one in said}
    rows = ShownCard.objects.filter(pk__in=ids, client=client, service=service)
    known = set(rows.values_list("pk", flat=True))
    if known != ids:
        raise FhirRefused(404, "", "No card of this id was shown by this service.")
    CardFeedback.objects.bulk_create(
        (
            CardFeedback(
                clinic=client.clinic,
                card_id=one.card_id,
                outcome=OVERRIDDEN,
                reason=one.reason,
                outcome_at=one.outcome_at,
            )
            for one in said
        ),
        ignore_conflicts=True,
    )


def remove_old() -> None:
    """Remove cards that were shown long ago, with their feedback."""
    with scopes_disabled():
        ShownCard.objects.filter(shown_at__lt=timezone.now() - KEPT).delete()


def _odd(words: str) -> FhirRefused:
    return FhirRefused(400, "", f"{words}.")
