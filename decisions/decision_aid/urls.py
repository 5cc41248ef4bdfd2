"""Where the patient's sheet is. The two pages come first; the long one is behind them."""

from __future__ import annotations

from django.urls import path

from decisions.decision_aid import views

app_name = "sheet"
urlpatterns = [
    path("guide/sheet/", views.sheet, name="sheet"),
    path("guide/sheet/two-pages.pdf", views.paper, name="paper"),
    path("guide/sheet/long/", views.long_sheet, name="long"),
    path("guide/sheet/sheet.pdf", views.long_paper, name="long_paper"),
    path("guide/sheet/<slug:language>/", views.sheet, name="in_language"),
    path("guide/sheet/<slug:language>/two-pages.pdf", views.paper, name="paper_in_language"),
]
