"""Clients as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from kapnet.core.clients.models import Agreement, ApiClient
from kapnet.core.clients.scopes import Right, needs_agreement, rights_of

Kind = ApiClient.Kind


@dataclass(frozen=True)
class ClientRow:
    """One client. waiting: what a therapist has not decided yet. decided: what was decided last."""

    client: ApiClient
    rights: tuple[Right, ...]
    waiting: Agreement | None
    decided: Agreement | None

    @property
    def state(self) -> str:
        """Its face: a state of components/_status.html."""
        if not self.client.is_active:
            return "waits"
        if self.waiting:
            return "half"
        return "full" if self.client.last_used_at else "open"

    @property
    def state_in_words(self) -> str:
        """The same for a reader."""
        return {
            "waits": "Stopped",
            "half": "Waits for a therapist",
            "full": "May call",
            "open": "May call, has not yet",
        }[self.state]

    @property
    def is_for_hooks(self) -> bool:
        """Whether it asks for advice and reads nothing."""
        return self.client.kind == Kind.CDS

    @property
    def has_everything(self) -> bool:
        """Whether it may take every case along."""
        return needs_agreement(self.client.scopes)

    @property
    def key_names(self) -> list[str]:
        """The names of its keys."""
        return [f"{one['kid']} ({one['kty']})" for one in self.client.keys]

    @property
    def scopes_in_one(self) -> str:
        """What the program asks for when it wants all of it."""
        return " ".join(self.client.scopes)


def rows_of_clients(clients: list[ApiClient]) -> list[ClientRow]:
    """Each client with its agreements."""
    agreements = Agreement.objects.filter(client__in=clients).select_related(
        "asked_by", "decided_by"
    )
    of: dict[object, list[Agreement]] = {}
    for one in agreements.order_by("pk"):
        of.setdefault(one.client_id, []).append(one)
    return [_row(one, of.get(one.pk, [])) for one in clients]


def _row(client: ApiClient, agreements: list[Agreement]) -> ClientRow:
    by_state = {one.state: one for one in agreements}
    waiting = by_state.pop(Agreement.State.ASKED, None)
    decided = max(by_state.values(), key=lambda one: one.pk, default=None)
    return ClientRow(client, rights_of(client.scopes), waiting, decided)
