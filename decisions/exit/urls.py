"""Where everything of a clinic is taken along."""

from __future__ import annotations

from django.urls import path

from decisions.exit import views

app_name = "exit"

urlpatterns = [
    path("clinic/exit/", views.exit_page, name="exit"),
    path("clinic/exit/ask/", views.ask, name="ask"),
    path("clinic/exit/<uuid:exit_id>/settle/", views.settle, name="settle"),
    path("clinic/exit/<uuid:exit_id>/begin/", views.begin_file, name="begin"),
    path("clinic/exit/<uuid:exit_id>/resume/", views.resume, name="resume"),
    path("clinic/exit/<uuid:exit_id>/stop/", views.stop_it, name="stop"),
    path("clinic/exit/<uuid:exit_id>/file/", views.file, name="file"),
]
