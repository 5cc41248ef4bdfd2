"""Addresses of CDS Hooks: each service is one of its own, and what is none is not found."""

from __future__ import annotations

from django.urls import path

from decisions.cds import views
from decisions.cds.asked import HOOKS

app_name = "cds"
BASE = "cds-services"

urlpatterns = [
    path(BASE, views.discovery, name="discovery"),
    *(path(f"{BASE}/{one}", views.service, {"address": one}, name=one) for one in HOOKS),
    *(
        path(f"{BASE}/{one}/feedback", views.feedback, {"address": one}, name=f"{one}-feedback")
        for one in HOOKS
    ),
]
