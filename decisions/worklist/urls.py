"""Where the pages of cases are. Section addresses come last: their ids are words, too."""

from __future__ import annotations

from django.urls import path

from decisions.cases import views as case_views
from decisions.cases.decision import proof_views
from decisions.cases.decision import views as decision_views
from decisions.cases.edition import views as edition_views
from decisions.cases.path import several_views
from decisions.cases.path import views as path_views
from decisions.cases.section import views as section_views
from decisions.worklist import list_views as work_list_views
from decisions.worklist import sample_views, tour_views
from decisions.worklist import views as worklist_views

app_name = "cases"
urlpatterns = [
    path("proof/<str:edition_id>/", proof_views.proof, name="proof"),
    path("sample/", sample_views.sample, name="sample"),
    path("tour/", tour_views.tour, name="tour"),
    path("tour/end/", tour_views.end, name="end_tour"),
    path("cases/", work_list_views.cases, name="list"),
    path("cases/new/", case_views.new_case, name="new"),
    path("cases/<uuid:case_id>/", worklist_views.case, name="case"),
    path("cases/<uuid:case_id>/path/", path_views.short_path, name="path"),
    path("cases/<uuid:case_id>/path/<str:question_id>/", path_views.card, name="card"),
    path("cases/<uuid:case_id>/several/", several_views.several, name="several"),
    path("cases/<uuid:case_id>/check/", case_views.check, name="check"),
    path("cases/<uuid:case_id>/safety/", case_views.safety, name="safety"),
    path("cases/<uuid:case_id>/edition/", edition_views.edition, name="edition"),
    path("cases/<uuid:case_id>/decision/", decision_views.decision, name="decision"),
    path("cases/<uuid:case_id>/decision/changes/", decision_views.changes, name="changes"),
    path(
        "cases/<uuid:case_id>/decisions/<int:number>/",
        decision_views.decision_record,
        name="decision_record",
    ),
    path("cases/<uuid:case_id>/<str:section_id>/", section_views.section, name="section"),
]
