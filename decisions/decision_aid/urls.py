"""Where the patient's sheet is."""

from __future__ import annotations

from django.urls import path

from decisions.decision_aid import views

app_name = "sheet"
urlpatterns = [
    path("guide/sheet/", views.sheet, name="sheet"),
    path("guide/sheet/sheet.pdf", views.paper, name="paper"),
]
