"""Where consents are. They come before the pages of cases, whose last word is free."""

from __future__ import annotations

from django.urls import path

from decisions.consents import views

app_name = "consents"

urlpatterns = [
    path("cases/<uuid:case_id>/consents/", views.consents, name="consents"),
    path("cases/<uuid:case_id>/consents/source/", views.source, name="source"),
    path("cases/<uuid:case_id>/consents/<uuid:consent_id>/revoke/", views.revoke, name="revoke"),
]
