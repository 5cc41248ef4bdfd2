"""Where the plan of a case is. It comes before the pages of cases, whose last word is free."""

from __future__ import annotations

from django.urls import path

from decisions.plans import views

app_name = "plan"
urlpatterns = [
    path("cases/<uuid:case_id>/plan/", views.plan, name="plan"),
    path("cases/<uuid:case_id>/plan/withdraw/", views.withdraw, name="withdraw"),
    path("cases/<uuid:case_id>/plan/calendar.ics", views.calendar, name="calendar"),
]
