"""{% load rich_text %} and {{ source.findings|rich_text }}: a curator's Markdown, made safe."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from evidence.rich_text import plain, render

register = template.Library()


@register.filter(is_safe=True)
def rich_text(text: str | None) -> SafeString:
    """The HTML of a text: only what the allow-list of evidence.rich_text lets through."""
    return mark_safe(render(text))  # noqa: S308  what render returns has been through nh3


@register.filter
def plain_text(text: str | None) -> str:
    """The words of a text without its marks, for titles, letters and feeds."""
    return plain(text)
