"""Where patients fill in forms. Only the first address holds the secret."""

from __future__ import annotations

from django.urls import path

from decisions.patient_forms import views

app_name = "patient_forms"
urlpatterns = [
    path("f/", views.form, name="form"),
    path("f/help/", views.help_now, name="help"),
    path("f/send/", views.send, name="send"),
    path("f/thanks/", views.thanks, name="thanks"),
    path("f/<str:token>", views.start, name="start"),
    path("f/<str:token>/", views.start, name="start_with_slash"),
]
