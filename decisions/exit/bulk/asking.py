"""What a program asks for by `$export`, read from its address. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kapnet.core.web.fhir_answers import FhirRefused

NDJSON: Final = "application/fhir+ndjson"
FORMATS: Final = frozenset({NDJSON, "application/ndjson", "ndjson"})
KNOWN: Final = frozenset({"_type", "_since", "_outputFormat"})
ASYNC: Final = "respond-async"


@dataclass(frozen=True)
class Asked:
    """kinds: types, in the order of the server. since: resources that changed from then on."""

    kinds: tuple[str, ...]
    since: datetime | None


def read_asked(
    said: Mapping[str, Sequence[str]], *, prefer: str, offered: Collection[str]
) -> Asked:
    """said: the parameters of the address. Raises FhirRefused."""
    wishes = {one.strip().lower() for one in prefer.split(",")}
    if ASYNC not in wishes:
        raise FhirRefused(400, "", "A bulk export takes its time. Ask with Prefer: respond-async.")
    if unknown := sorted(said.keys() - KNOWN):
        raise FhirRefused(400, "", f"$export does not know {', '.join(unknown)}.")
    if odd := [one for one in said.get("_outputFormat", ()) if _plus(one) not in FORMATS]:
        raise FhirRefused(400, "", f"Files are {NDJSON}. There are none as {odd[0]}.")
    return Asked(_kinds(said.get("_type", ()), offered), _since(said.get("_since", ())))


def _plus(text: str) -> str:
    """A plus sign in an address is a space, where nobody wrote it as %2B."""
    return text.strip().replace(" ", "+")


def _kinds(said: Sequence[str], offered: Collection[str]) -> tuple[str, ...]:
    wanted = {kind.strip() for one in said for kind in one.split(",")}
    if unknown := sorted(wanted - set(offered)):
        raise FhirRefused(
            400,
            "",
            f"No {', '.join(map(repr, unknown))} is exported. There is: {', '.join(offered)}.",
        )
    return tuple(one for one in offered if not said or one in wanted)


def _since(said: Sequence[str]) -> datetime | None:
    """An instant of FHIR: with its time and its zone."""
    if not said:
        return None
    try:
        found = datetime.fromisoformat(_plus(said[-1]))
    except ValueError:
        found = None
    if len(said) > 1 or found is None or found.tzinfo is None:
        raise FhirRefused(400, "", "Write _since once, as 2026-11-29T08:00:00Z.")
    return found
