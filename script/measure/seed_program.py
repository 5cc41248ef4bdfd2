"""A program of the demo clinic with a token, and what it sends; prints both as JSON."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django
import yaml

django.setup()

from django.utils import timezone  # noqa: E402
from django_scopes import scope  # noqa: E402

from decisions.cases.actions import open_case  # noqa: E402
from decisions.fhir.questionnaires.forms import Form, form_named  # noqa: E402
from decisions.fhir.responses.writing import Head, write_response  # noqa: E402
from kapnet.core.clients.models import AccessToken, ApiClient  # noqa: E402
from kapnet.core.clients.tokens import issue  # noqa: E402
from kapnet.core.people.demo import DEMO_PEOPLE  # noqa: E402
from kapnet.core.people.models import User  # noqa: E402
from script.measure.seed import VIGNETTE, VIGNETTES  # noqa: E402

SCOPES = ["system/QuestionnaireResponse.crus", "system/Questionnaire.rs"]
MEASURED_FOR = timedelta(hours=1)


def seed() -> dict[str, object]:
    """A token that lasts as long as one measures, a PHQ-9 of a new case, and answers of no case."""
    person = User.objects.select_related("membership__clinic").get(email=DEMO_PEOPLE[0].email)
    clinic = person.membership.clinic
    with scope(clinic=clinic):
        client = ApiClient.objects.create(
            clinic=clinic, name="Measured", kind="backend", keys=[], scopes=SCOPES, made_by=person
        )
        case = open_case(clinic=clinic, therapist=person, patient_name="Measured by a program")
        token = issue(client, SCOPES).text
        AccessToken.objects.filter(client=client).update(ends_at=timezone.now() + MEASURED_FOR)
    head = Head("completed", subject=str(case.pk), authored=timezone.now().isoformat())
    form = write_response(_form("phq9"), {"phq9": {"items": [1] * 8 + [0]}}, head)
    found = [one for one in yaml.safe_load(VIGNETTES.read_text()) if one["id"] == VIGNETTE]
    whole = write_response(_form(f"edition-{case.edition}"), found[0]["answers"], head)
    return {"token": token, "form": form, "answers": whole}


def _form(form_id: str) -> Form:
    found = form_named(form_id)
    if found is None:
        raise LookupError(form_id)
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(seed()))
