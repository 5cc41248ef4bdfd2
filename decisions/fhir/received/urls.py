"""Where programs find questionnaires, send responses and have them taken apart and decided."""

from __future__ import annotations

from decisions.fhir.names import OURS
from decisions.fhir.received import (
    deciding_views,
    operation_views,
    questionnaire_views,
    response_search,
    response_views,
)
from decisions.fhir.registry import Offered, addresses
from kapnet.core.clients.door import View

FORM, RESPONSE = "Questionnaire", "QuestionnaireResponse"
OPERATIONS = "http://hl7.org/fhir/uv/sdc/OperationDefinition"
ONE_RESPONSE = f"{RESPONSE}/<str:response_id>"
FORMS, RESPONSES = questionnaire_views.PARAMETERS, response_search.PARAMETERS


def _extract(route: str, method: str, view: View) -> Offered:
    defined = f"{OPERATIONS}/QuestionnaireResponse-extract"
    return Offered(route, method, view, RESPONSE, operation="extract", definition=defined)


urlpatterns = addresses(
    Offered(FORM, "GET", questionnaire_views.questionnaires, FORM, "search-type", search=FORMS),
    Offered(f"{FORM}/<str:form_id>", "GET", questionnaire_views.questionnaire, FORM, "read"),
    Offered(
        f"{FORM}/<str:form_id>/$populate",
        "POST",
        operation_views.populate,
        FORM,
        operation="populate",
        definition=f"{OPERATIONS}/Questionnaire-populate",
    ),
    Offered(RESPONSE, "GET", response_search.search, RESPONSE, "search-type", search=RESPONSES),
    Offered(
        RESPONSE,
        "POST",
        response_views.create,
        RESPONSE,
        "create",
        conditional={"conditionalCreate": True},
    ),
    Offered(f"{RESPONSE}/_search", "POST", response_search.search_by_post, RESPONSE),
    _extract(f"{RESPONSE}/$extract", "POST", operation_views.extract),
    Offered(ONE_RESPONSE, "GET", response_views.read, RESPONSE, "read"),
    _extract(f"{ONE_RESPONSE}/$extract", "GET", operation_views.extract_stored),
    _extract(f"{ONE_RESPONSE}/$extract", "POST", operation_views.extract_stored),
    Offered(
        "$decide",
        "POST",
        deciding_views.decide_response,
        operation="decide",
        definition=f"{OURS}/OperationDefinition/decide",
    ),
)
