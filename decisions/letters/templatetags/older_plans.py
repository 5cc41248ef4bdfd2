"""{% load older_plans %}: letters that print an older plan, for pages of every room."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from decisions.cases.models import Case
from decisions.letters.checking.older_plans import OlderPlan
from decisions.letters.checking.older_plans import older_plans_of as of_case
from decisions.letters.checking.older_plans import with_older_plans as noted
from decisions.letters.models import Letter

register = template.Library()


@register.simple_tag
def with_older_plans(letters: Iterable[Letter]) -> list[Letter]:
    """These letters, each with its `older_plan`."""
    return noted(letters)


@register.simple_tag
def older_plan_of(letter: Letter) -> OlderPlan | None:
    """The older plan that a letter prints; None where it prints none."""
    older: OlderPlan | None = getattr(noted([letter])[0], "older_plan", None)
    return older


@register.simple_tag
def older_plans_of(case: Case) -> tuple[OlderPlan, ...]:
    """What the letters of a case print that stand."""
    return of_case(case)
