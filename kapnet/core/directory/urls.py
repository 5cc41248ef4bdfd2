"""Where the pages of the directory are."""

from __future__ import annotations

from django.urls import path

from kapnet.core.directory import views

app_name = "directory"
ONE = "directory/<uuid:colleague_id>/"
SITE = f"{ONE}sites/<uuid:site_id>/"

urlpatterns = [
    path("directory/", views.directory, name="list"),
    path("directory/new/", views.new_colleague, name="new"),
    path(ONE, views.colleague, name="colleague"),
    path(f"{ONE}edit/", views.edit_colleague, name="edit"),
    path(f"{ONE}switch/", views.switch_colleague, name="switch"),
    path(f"{ONE}sites/new/", views.new_site, name="new_site"),
    path(SITE, views.edit_site, name="edit_site"),
    path(f"{SITE}verify/", views.verify_site, name="verify_site"),
    path(f"{SITE}switch/", views.switch_site, name="switch_site"),
]
