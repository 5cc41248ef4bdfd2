"""Where the audit log is."""

from __future__ import annotations

from django.urls import path

from decisions.audit_log import views

app_name = "trail"
urlpatterns = [
    path("clinic/audit/", views.audit_log, name="trail"),
    path("clinic/audit/export.csv", views.export, {"ending": "csv"}, name="csv"),
    path("clinic/audit/export.jsonl", views.export, {"ending": "jsonl"}, name="jsonl"),
]
