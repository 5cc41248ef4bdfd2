"""Addresses of the evidence pages. No key holds a dot, so that files and sources never meet."""

from __future__ import annotations

from django.urls import path

from evidence.followers import digest_views, feed_views
from evidence.guide import views as guide_views
from evidence.pages import (
    change_views,
    citation_views,
    named_views,
    release_views,
    todo_views,
    views,
)
from evidence.retractions import check_views

app_name = "evidence"

urlpatterns = [
    path("evidence/", views.source_list, name="list"),
    path("evidence/citations.<slug:ending>", citation_views.citations, name="citations"),
    path("sources/", named_views.named_sources, name="named_sources"),
    path("guide/", guide_views.guide, name="guide"),
    path("evidence/positions/", views.position_list, name="positions"),
    path("evidence/claims/", views.claim_list, name="claims"),
    path("evidence/changes/", change_views.changes, name="changes"),
    path("evidence/releases/", release_views.release_list, name="releases"),
    path("evidence/releases/feed.atom", feed_views.feed, name="feed"),
    path("evidence/releases/feed/make/", feed_views.make_address, name="make_feed_address"),
    path("evidence/releases/feed/revoke/", feed_views.revoke_address, name="revoke_feed_address"),
    path("evidence/releases/digest/", digest_views.set_digest, name="set_digest"),
    path("evidence/digest/stop/<str:token>/", digest_views.stop_digest, name="stop_digest"),
    path("evidence/feeds/<str:secret>/releases.atom", feed_views.secret_feed, name="secret_feed"),
    path("evidence/releases/schema.json", release_views.schema, name="schema"),
    path("evidence/releases/<str:name>/", release_views.release, name="release"),
    path("evidence/releases/<str:name>/evidence.json", release_views.release_file, name="file"),
    path("curation/retraction-checks/", check_views.checks, name="retraction_checks"),
    path("evidence/to-do/", todo_views.to_do, name="to_do"),
    path("evidence/<slug:key>/", views.source, name="source"),
    path("evidence/<slug:key>/citation.<slug:ending>", citation_views.citation, name="citation"),
]
