"""The releases as an Atom feed: what each added, changed and withdrew. No case is in it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from evidence.models import Release
from evidence.queries import kept_evidence_of, releases
from evidence.release_changes import ORDER, changed_in, how_changed, label_of

ENTRIES = 20
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class ReleaseFeed(Feed[Release, Any]):
    """The newest releases."""

    feed_type = Atom1Feed
    title = f"Evidence releases of {settings.PRODUCT_NAME}"
    author_name = settings.PRODUCT_NAME

    def link(self) -> str:
        """The page of the releases."""
        return reverse("evidence:releases")

    def feed_url(self) -> str:
        """The address for people with a session; a secret one never stands in the feed."""
        return reverse("evidence:feed")

    def items(self) -> list[Release]:
        """The newest first."""
        return list(releases()[:ENTRIES])

    def item_title(self, item: Release) -> str:
        """The name of the release."""
        return f"Evidence release {item.name}"

    def item_description(self, item: Release) -> str:
        """Its notes, then every entry that it touched, withdrawn ones first."""
        context = {"notes": item.notes, "lines": lines_of(item)}
        return NOT_IN_XML.sub("", render_to_string("evidence/feed_entry.html", context))

    def item_link(self, item: Release) -> str:
        """Its page."""
        return reverse("evidence:release", args=[item.name])

    def item_pubdate(self, item: Release) -> datetime:
        """When it was published; it never changes."""
        return item.published_at

    item_updateddate = item_pubdate


def lines_of(release: Release) -> list[str]:
    """One line an entry that a release touched, withdrawn ones first."""
    changed = changed_in(release) or ()
    evidence = kept_evidence_of(release) if changed else None
    told = []
    for one in changed:
        if evidence is None or evidence.entry(one.kind, one.key) is None:
            told.append((one.how, f"{one.kind} {one.key}"))
        else:
            label, _ = label_of(one.kind, one.key, evidence)
            told.append((how_changed(one, evidence), f"{one.kind} {label}"))
    told.sort(key=lambda line: ORDER.index(line[0]))
    return [f"{how.capitalize()}: {what}" for how, what in told]
