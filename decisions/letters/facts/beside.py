"""What the page of the facts shows besides its form."""

from __future__ import annotations

from decisions.cases.case_file import CaseFile
from decisions.cases.contradictions import contradictions_beside
from decisions.cases.queries import closed_tasks_of
from decisions.documents.contradictions.asking import OF_CODE


def beside_facts(file: CaseFile) -> dict[str, object]:
    """The safety task that was closed last, and what does not fit the code of the diagnosis."""
    return {
        "closed_task": closed_tasks_of(file.case).first(),
        "contradictions": contradictions_beside(file, OF_CODE),
    }
