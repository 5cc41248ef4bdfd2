"""Where a patient is corrected. It comes before the pages of cases, whose last word is free."""

from __future__ import annotations

from django.urls import path

from decisions.patient import views

app_name = "patient"

urlpatterns = [
    path("cases/<uuid:case_id>/patient/", views.patient, name="patient"),
    path("cases/<uuid:case_id>/patient/needs/", views.needs, name="needs"),
]
