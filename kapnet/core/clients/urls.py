"""Addresses of clients: where they get a token, and where a manager keeps them."""

from __future__ import annotations

from django.urls import include, path

from kapnet.core.clients import oauth_views, views

ONE = "<uuid:client_id>/"
pages = [
    path("", views.client_list, name="list"),
    path("new/", views.new_client, name="new"),
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/<int:agreement_id>/", views.agreement, name="agreement"),
    path(ONE, views.client, name="client"),
    path(f"{ONE}rights/", views.rights, name="rights"),
    path(f"{ONE}keys/", views.keys, name="keys"),
    path(f"{ONE}switch/", views.switch, name="switch"),
    path(f"{ONE}take-back/", views.take_back, name="take_back"),
]

urlpatterns = [
    path("clinic/clients/", include((pages, "clients"))),
    path("oauth/token", oauth_views.oauth_token, name="oauth_token"),
]
