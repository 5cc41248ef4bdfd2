"""A QuestionnaireResponse of another system as answers of ours. Whatever does not fit is refused.

What other forms add is let be: meta, text, displays, extensions. What changes the meaning of an
element (`modifierExtension`, `implicitRules`) is refused, as nobody here knows what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from decisions.fhir.names import LOINC
from decisions.fhir.questionnaires.forms import EDITION_PREFIX, INSTRUMENT_FORMS, Form, form_named
from decisions.fhir.responses.items import Answered, answers_by_item
from decisions.fhir.responses.values import NotTaken, read_form, read_one
from decisions.rules.loading import edition_ids
from decisions.rules.questionnaire.answer_values import AnswerProblem, read_answer
from decisions.rules.questionnaire.instruments import SAFETY_ITEM

STATUSES: Final = (
    *("in-progress", "completed", "amended"),
    *("entered-in-error", "stopped"),
)
MOST_TOLD: Final = 20
"""So many problems are told of one response."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Another year is a slip of a program, and no time zone can be worked out at the ends."""


@dataclass(frozen=True)
class Response:
    """A response that could be read.

    answers: question id -> plain value, as `manage.py decide` takes them. authored: a moment with
    its zone, a day, or None where the response does not say. subject: the id of a patient; empty
    where it names none. identifier: system and value; None where it has none.
    """

    form: Form
    id: str
    status: str
    authored: datetime | date | None
    subject: str
    identifier: tuple[str, str] | None
    answers: Mapping[str, object]


class ResponseRefused(ValueError):
    """A response that is not taken; each problem says where and why, and quotes no answer."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_response(resource: object) -> Response:
    """What another system says was answered. Raises ResponseRefused with all that is wrong."""
    if not isinstance(resource, dict) or resource.get("resourceType") != "QuestionnaireResponse":
        raise ResponseRefused(("this is no QuestionnaireResponse",))
    problems = [*_of_the_whole(resource)]
    form = _form(resource, problems)
    read = _Read(resource, problems)
    status, authored = read.status(), read.authored()
    subject, identifier = read.subject(), read.identifier()
    answers = _answers(form, resource, problems) if form else {}
    if problems or form is None:
        raise ResponseRefused(tuple(problems[:MOST_TOLD]))
    own_id = resource.get("id")
    given_id = own_id if isinstance(own_id, str) else ""
    return Response(form, given_id, status, authored, subject, identifier, answers)


def item9_said(resource: object) -> int | None:
    """The highest answer to PHQ-9 item 9 anywhere in a response, however wrong the rest is.

    Its points count where a code belongs, too, and a code without its system: what is refused is
    heard.
    """
    form = form_named("phq9")
    if form is None or form.instrument is None or not isinstance(resource, dict):
        return None
    item = form.instrument.items[SAFETY_ITEM - 1]
    points = {one.loinc_answer: one.value for one in form.instrument.options}
    answers = _answers_to(resource.get("item"), item.link_id)
    found = [_points_said(one, points, form.instrument.highest) for one in answers]
    return max((one for one in found if one is not None), default=None)


def _points_said(answer: dict[str, Any], points: Mapping[str | None, int], most: int) -> int | None:
    for name in ("valueInteger", "valueDecimal"):
        number = answer.get(name)
        if isinstance(number, int | float) and not isinstance(number, bool) and 1 <= number <= most:
            return round(number)
    coding = answer.get("valueCoding")
    code = coding.get("code") if isinstance(coding, dict) else None
    is_theirs = isinstance(coding, dict) and coding.get("system", LOINC) != LOINC
    return points.get(code) if isinstance(code, str) and not is_theirs else None


def subject_of(resource: object) -> str:
    """The id of the patient whose answers these are, however wrong the rest is; else empty."""
    if not isinstance(resource, dict):
        return ""
    return _Read(resource, []).subject()


def _answers_to(items: object, link_id: str | None) -> Iterator[dict[str, Any]]:
    waiting = list(items) if isinstance(items, list) else []
    while waiting:
        item = waiting.pop()
        if not isinstance(item, dict):
            continue
        answers = [one for one in _listed(item.get("answer")) if isinstance(one, dict)]
        named = item.get("linkId")
        if isinstance(named, str) and named.strip("/") == (link_id or "").strip("/"):
            yield from answers
        waiting += _listed(item.get("item"))
        waiting += [inner for one in answers for inner in _listed(one.get("item"))]


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _of_the_whole(resource: Mapping[str, Any]) -> Iterator[str]:
    for name in ("modifierExtension", "implicitRules"):
        if name in resource:
            yield f"{name} changes what a response means, and is not known here: leave it out"


def _form(resource: Mapping[str, Any], problems: list[str]) -> Form | None:
    """The questionnaire that a response names, by its own name or as we serve it."""
    named = resource.get("questionnaire")
    url, _, version = named.partition("|") if isinstance(named, str) else ("", "", "")
    form_id = url.rpartition("/")[2]
    form = form_named(form_id)
    if form is None or url not in (form.url, f"Questionnaire/{form_id}"):
        problems.append(
            "questionnaire: names none that is known here: see GET Questionnaire for those"
        )
        return None
    known = (
        edition_ids() if form_id in INSTRUMENT_FORMS else (form_id.removeprefix(EDITION_PREFIX),)
    )
    if version and version not in known:
        problems.append("questionnaire: this version of it is not known here")
        return None
    return form


class _Read:
    """The head of a response, part by part; what is wrong is added to `problems`."""

    def __init__(self, resource: Mapping[str, Any], problems: list[str]) -> None:
        self._resource, self._problems = resource, problems

    def status(self) -> str:
        found = self._resource.get("status")
        if isinstance(found, str) and found in STATUSES:
            return found
        self._problems.append(f"status: must be one of {', '.join(STATUSES)}")
        return ""

    def authored(self) -> datetime | date | None:
        found = self._resource.get("authored")
        if found is None:
            return None
        try:
            return _moment(found)
        except ValueError:
            self._problems.append(
                "authored: must be a day, as 2026-11-29, or a time with its zone, "
                "as 2026-11-29T10:30:00Z"
            )
            return None

    def subject(self) -> str:
        subject = _referred(self._resource.get("subject"))
        source = _referred(self._resource.get("source"))
        kind, _, patient = subject.rpartition("/")
        if subject and (not patient or kind.rpartition("/")[2] != "Patient"):
            self._problems.append("subject: must be a Patient, as Patient/ and its id")
            return ""
        if "Patient/" in source and source.rpartition("/")[2] != patient:
            self._problems.append("source: is another patient than the subject")
        return patient

    def identifier(self) -> tuple[str, str] | None:
        found = self._resource.get("identifier")
        if found is None:
            return None
        if isinstance(found, dict) and isinstance(found.get("value"), str) and found["value"]:
            system = found.get("system", "")
            if isinstance(system, str):
                return system, found["value"]
        self._problems.append("identifier: must have a value, and a system where there is one")
        return None


def _referred(reference: object) -> str:
    found = reference.get("reference") if isinstance(reference, dict) else None
    return found if isinstance(found, str) else ""


def _moment(value: object) -> datetime | date:
    """A whole day, or a moment with its zone. Raises ValueError for anything less."""
    if not isinstance(value, str):
        raise ValueError(value)
    if "T" not in value:
        if len(value) != len("2026-11-29"):
            raise ValueError(value)
        found: datetime | date = date.fromisoformat(value)
    else:
        found = datetime.fromisoformat(value)
        if found.tzinfo is None:
            raise ValueError(value)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(value)
    return found


def _answers(form: Form, resource: Mapping[str, Any], problems: list[str]) -> dict[str, object]:
    by_item = answers_by_item(form, resource.get("item"), problems)
    found: dict[str, object] = {}
    for question in form.questions:
        try:
            raw = _one(form, question.id, by_item)
            if raw is not None:
                read_answer(question, raw)
                found[question.id] = raw
        except (NotTaken, AnswerProblem) as problem:
            problems.append(f"{question.id}: {problem}")
    return found


def _one(form: Form, question_id: str, by_item: Answered) -> object:
    question = form.edition.questionnaire.question(question_id)
    if question.instrument is not None:
        return read_form(form, question, question.instrument, by_item)
    given = by_item.get(question_id)
    return None if given is None else read_one(form.edition.id, question, given)
