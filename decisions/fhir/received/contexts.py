"""Forms filled in with what resources of other systems say: by another room, which registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from decisions.fhir.names import Resource

if TYPE_CHECKING:
    from decisions.fhir.questionnaires.forms import Form

ContextReader = Callable[["Form", str, Mapping[str, Any]], Resource]
"""Of a questionnaire, the id of a patient (empty for none) and Parameters with context: what it
proposes, as a QuestionnaireResponse. It stores nothing."""
context_readers: list[ContextReader] = []


def reads_context(reader: ContextReader) -> ContextReader:
    """Let this room fill in forms from resources of other systems."""
    context_readers[:] = [reader]
    return reader
