"""Where courses, forms and outcomes are.

They come before the pages of cases, whose last word is free.
"""

from __future__ import annotations

from django.urls import path

from decisions.follow_up.assessments import views as forms
from decisions.follow_up.cohorts import views as cohorts
from decisions.follow_up.courses import views, void_views

app_name = "follow_up"
CASE = "cases/<uuid:case_id>"

urlpatterns = [
    path(f"{CASE}/course/", views.course, name="course"),
    path(f"{CASE}/course/new/", views.add, name="add"),
    path(f"{CASE}/course/end/", views.end, name="end"),
    path(f"{CASE}/course/end/void/", void_views.end, name="void_end"),
    path(f"{CASE}/course/events/<int:event_id>/void/", void_views.event, name="void_event"),
    path(f"{CASE}/course/<uuid:course_id>/", views.change, name="change"),
    path(f"{CASE}/course/<uuid:course_id>/event/", views.event, name="event"),
    path(f"{CASE}/forms/", forms.enter, name="enter"),
    path(f"{CASE}/forms/<uuid:assessment_id>/void/", void_views.form, name="void_form"),
    path("outcomes/", cohorts.outcomes, name="outcomes"),
    path("outcomes/<uuid:report_id>/", cohorts.report, name="report"),
    path("outcomes/<uuid:report_id>/report.json", cohorts.document, name="document"),
    path("outcomes/<uuid:report_id>/rows/", cohorts.rows, name="rows"),
]
