"""{% load kept %}{% kept "decisions/_source_link.html" link=link %}: a part that is drawn once."""

from __future__ import annotations

from django import template

from kapnet.core.web.kept_parts import kept_part

register = template.Library()
register.simple_tag(kept_part, name="kept")
