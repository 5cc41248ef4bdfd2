"""Where what is due is shown."""

from __future__ import annotations

from django.urls import path

from decisions.reminders import views

app_name = "reminders"

urlpatterns = [
    path("follow-up/", views.due, name="due"),
    path("follow-up/done/", views.done, name="done"),
]
