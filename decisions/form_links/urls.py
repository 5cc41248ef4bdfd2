"""Where clinicians make links for patients and take over what came in by them."""

from __future__ import annotations

from django.urls import path

from decisions.form_links import views

app_name = "form_links"
urlpatterns = [
    path("cases/<uuid:case_id>/links/", views.links, name="links"),
    path("cases/<uuid:case_id>/links/contact/", views.contact, name="contact"),
    path("cases/<uuid:case_id>/links/<uuid:link_id>/revoke/", views.revoke, name="revoke"),
    path(
        "cases/<uuid:case_id>/links/proposals/<int:proposal_id>/", views.proposal, name="proposal"
    ),
]
