"""Where a case is closed, reopened, handed over and copied. Sections come after: ids are words."""

from __future__ import annotations

from django.urls import path

from decisions.life import keeping_views, views

app_name = "life"

urlpatterns = [
    path("closed-cases/", keeping_views.past_keeping_list, name="past_keeping"),
    path("closed-cases/<uuid:case_id>/ask/", keeping_views.ask, name="ask_deletion"),
    path("closed-cases/<uuid:case_id>/settle/", keeping_views.settle, name="settle_deletion"),
    path("cases/<uuid:case_id>/close/", views.close, name="close"),
    path("cases/<uuid:case_id>/reopen/", views.reopen, name="reopen"),
    path("cases/<uuid:case_id>/hand-over/", views.hand, name="hand"),
    path("cases/<uuid:case_id>/hand-over/seen/", views.seen, name="seen"),
    path("cases/<uuid:case_id>/hand-over/take-back/", views.take_back, name="take_back"),
    path("cases/<uuid:case_id>/copy/", views.copy, name="copy"),
]
