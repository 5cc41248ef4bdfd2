"""Where care teams are. They come before the pages of cases, whose last word is free."""

from __future__ import annotations

from django.urls import path

from decisions.care_team import views

app_name = "team"

urlpatterns = [
    path("cases/<uuid:case_id>/team/", views.team, name="team"),
    path("cases/<uuid:case_id>/team/<int:member_id>/remove/", views.remove, name="remove"),
]
