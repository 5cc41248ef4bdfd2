"""Addresses of the curators' pages."""

from __future__ import annotations

from django.urls import path

from evidence.curation.pages import (
    change_views,
    entry_views,
    home_views,
    import_views,
    release_views,
    withdraw_views,
)

app_name = "curation"

urlpatterns = [
    path("curation/", home_views.home, name="home"),
    path("curation/changes/", change_views.changes, name="changes"),
    path("curation/changes/<int:change_id>/", change_views.change, name="change"),
    path("curation/releases/", release_views.releases, name="releases"),
    path("curation/releases/<int:draft_id>/", release_views.draft, name="draft"),
    path("curation/releases/<int:draft_id>/sign/", release_views.sign, name="sign"),
    path("curation/releases/<int:draft_id>/drop/", release_views.drop, name="drop"),
    path("curation/releases/<int:draft_id>/start/", release_views.start, name="start"),
    path("curation/releases/<int:draft_id>/stop/", release_views.stop, name="stop"),
    path("curation/imports/", import_views.imports, name="imports"),
    path("curation/imports/<uuid:import_id>/", import_views.import_file, name="import"),
    path(
        "curation/withdraw/<slug:entry_kind>/",
        withdraw_views.withdraw_several,
        name="withdraw_several",
    ),
    path("curation/new/<slug:entry_kind>/", entry_views.new_entry, name="new_entry"),
    path("curation/entries/<slug:entry_kind>/", entry_views.entries, name="entries"),
    path("curation/entries/<slug:entry_kind>/<slug:entry_key>/", entry_views.entry, name="entry"),
    path(
        "curation/entries/<slug:entry_kind>/<slug:entry_key>/versions/",
        entry_views.versions,
        name="versions",
    ),
    path(
        "curation/entries/<slug:entry_kind>/<slug:entry_key>/withdraw/",
        withdraw_views.withdraw,
        name="withdraw",
    ),
]
