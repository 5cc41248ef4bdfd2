"""What waits in the session for the next page of a case: encrypted, as no address may hold it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from decisions.cases.models import Case
from kapnet.core.encryption.values import open_value, seal_value


def keep_of_case(request: HttpRequest, name: str, case: Case, **values: object) -> None:
    """Keep plain values under a name, in place of those of any case before."""
    request.session[name] = seal_value({"case": str(case.pk), **values})


def kept_of_case(request: HttpRequest, name: str, case: Case) -> dict[str, Any]:
    """What is kept of this case; empty where there is nothing, or that of another one."""
    kept: dict[str, Any] = open_value(request.session.get(name)) or {}
    return kept if kept.get("case") == str(case.pk) else {}
