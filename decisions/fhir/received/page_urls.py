"""Where people see what other systems say of a patient."""

from __future__ import annotations

from django.urls import path

from decisions.fhir.received import views

app_name = "received"
urlpatterns = [path("cases/<uuid:case_id>/elsewhere/", views.said_elsewhere, name="said")]
