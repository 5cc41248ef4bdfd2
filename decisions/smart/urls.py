"""Where a launch begins and comes back, what follows, and the list of EHRs."""

from __future__ import annotations

from django.urls import path

from decisions.smart import issuer_views, views

app_name = "smart"
urlpatterns = [
    path("smart/launch", views.launch, name="launch"),
    path("smart/callback", views.callback, name="callback"),
    path("smart/person/", views.person, name="person"),
    path("smart/patient/", views.patient, name="patient"),
    path("cases/<uuid:case_id>/ehr/", views.records, name="records"),
    path("clinic/ehrs/", issuer_views.issuers, name="issuers"),
    path("clinic/ehrs/new/", issuer_views.new_issuer, name="new_issuer"),
    path("clinic/ehrs/<uuid:issuer_id>/", issuer_views.issuer, name="issuer"),
    path(
        "clinic/ehrs/<uuid:issuer_id>/people/<int:identity_id>/remove/",
        issuer_views.unlink,
        name="unlink",
    ),
]
