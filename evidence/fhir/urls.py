"""Addresses of the evidence for programs."""

from __future__ import annotations

from django.urls import path

from evidence.fhir import views

app_name = "fhir_r5"

urlpatterns = [
    path("fhir/r5/metadata", views.metadata, name="metadata"),
    path("fhir/r5/Bundle/<str:name>", views.bundle, name="bundle"),
    path("fhir/r5/<str:kind>", views.search, name="search"),
    path("fhir/r5/<str:kind>/<str:resource_id>", views.read, name="read"),
]
