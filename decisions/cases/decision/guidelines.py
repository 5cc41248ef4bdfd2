"""Guidelines side by side: the same table for every case, until evidence or day is another."""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evidence.presenters.lists import GuidelineRow


@lru_cache(maxsize=16)
def table_of(rows: tuple[GuidelineRow, ...]) -> SafeString:
    """The table as the page shows it: drawn once, as it holds nothing of a case or a person."""
    return render_to_string("decisions/decision_guidelines.html", {"rows": rows})
