"""What was typed into the form of a decision, over a redirect: in the session, encrypted, once."""

from __future__ import annotations

from django.http import HttpRequest

from decisions.cases.case_file import CaseFile
from decisions.cases.session import keep_of_case, kept_of_case

KEPT = "typed_decision"
FIELDS = ("chosen", "reasoning", "fingerprint")


def keep_typed(request: HttpRequest, before: CaseFile, after: CaseFile) -> None:
    """Keep what was posted with another button of the form, which made this case of that.

    Who chose by other answers than those before it keeps their fingerprint, and so is told.
    """
    typed = {name: request.POST.get(name, "") for name in FIELDS}
    if not (typed["chosen"] or typed["reasoning"]):
        return
    if typed["fingerprint"] == before.fingerprint:
        typed["fingerprint"] = after.fingerprint
    keep_of_case(request, KEPT, after.case, **typed)


def take_typed(request: HttpRequest, file: CaseFile) -> dict[str, str]:
    """What was kept of this case; empty where there is nothing."""
    kept = kept_of_case(request, KEPT, file.case)
    if not kept:
        return {}
    del request.session[KEPT]
    return {name: kept[name] for name in FIELDS}
