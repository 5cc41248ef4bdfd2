"""What differs between two releases, for templates."""

from __future__ import annotations

from django import template

from evidence.domain.differences import ChangedEntry
from evidence.presenters.differences import ShownDifference, present_differences
from evidence.release_changes import EntryChanges

register = template.Library()


@register.filter
def shown_differences(entry: ChangedEntry | EntryChanges) -> tuple[ShownDifference, ...]:
    """Field by field, marked word by word."""
    return present_differences(entry.kind, entry.differences)
