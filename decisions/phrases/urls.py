"""Where one's own phrases are."""

from __future__ import annotations

from django.urls import path

from decisions.phrases import views

app_name = "phrases"

urlpatterns = [
    path("phrases/", views.phrases, name="phrases"),
    path("phrases/<uuid:phrase_id>/", views.phrase, name="phrase"),
    path("phrases/<uuid:phrase_id>/remove/", views.remove, name="remove"),
]
