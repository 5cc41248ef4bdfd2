"""Where programs find questionnaires, send responses and have them taken apart and decided."""

from __future__ import annotations

from django.urls import path

from decisions.fhir.received import (
    deciding_views,
    operation_views,
    questionnaire_views,
    response_search,
    response_views,
)
from kapnet.core.clients.door import by_method

R4 = "fhir/r4/"
FORM, RESPONSE = f"{R4}Questionnaire", f"{R4}QuestionnaireResponse"
urlpatterns = [
    path(FORM, questionnaire_views.questionnaires, name="fhir-questionnaire"),
    path(f"{FORM}/<str:form_id>", questionnaire_views.questionnaire, name="fhir-questionnaire-one"),
    path(
        f"{FORM}/<str:form_id>/$populate",
        operation_views.populate,
        name="fhir-questionnaire-one-populate",
    ),
    path(
        RESPONSE,
        by_method(GET=response_search.search, POST=response_views.create),
        name="fhir-questionnaireresponse",
    ),
    path(
        f"{RESPONSE}/_search",
        response_search.search_by_post,
        name="fhir-questionnaireresponse-search",
    ),
    path(
        f"{RESPONSE}/$extract",
        operation_views.extract,
        name="fhir-questionnaireresponse-extract",
    ),
    path(
        f"{RESPONSE}/<str:response_id>",
        response_views.read,
        name="fhir-questionnaireresponse-one",
    ),
    path(
        f"{RESPONSE}/<str:response_id>/$extract",
        operation_views.extract_stored,
        name="fhir-questionnaireresponse-one-extract",
    ),
    path(f"{R4}$decide", deciding_views.decide_response, name="fhir-decide"),
]
