"""Addresses of clients: where they get a token, and where a manager keeps them."""

from __future__ import annotations

from django.urls import path

from kapnet.core.clients import oauth_views

urlpatterns = [
    path("oauth/token", oauth_views.oauth_token, name="oauth_token"),
]
