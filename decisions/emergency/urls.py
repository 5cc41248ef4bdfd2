"""Where emergency access is. Its pages come before those of cases, whose last word is free."""

from __future__ import annotations

from django.urls import path

from decisions.emergency import review_views, views

app_name = "emergency"
urlpatterns = [
    path("emergency/", views.find, name="find"),
    path("emergency/open/", views.open_case, name="open"),
    path("emergency/<uuid:access_id>/", views.read, name="read"),
    path("emergency/<uuid:access_id>/over/", views.over, name="over"),
    path("emergency/<uuid:access_id>/end/", views.end, name="end"),
    path("cases/<uuid:case_id>/emergency/", review_views.review, name="review"),
    path("cases/<uuid:case_id>/emergency/<uuid:access_id>/seen/", review_views.seen, name="seen"),
]
