"""PHQ-9 item 9 that a record has without a whole form: it answers nothing, and is heard.

It counts as soon as somebody wrote it down: in a form that is not finished, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from decisions.fhir.names import LOINC
from decisions.fhir.observed.forms import DEEPEST, every_item, points_of
from decisions.fhir.observed.observations import observed_on
from decisions.fhir.observed.proposed import Proposed
from decisions.fhir.observed.reading import (
    Looking,
    Resource,
    codes_of,
    may_be_read,
    name_of,
    objects,
    word,
)
from decisions.rules.engine.edition import Edition
from decisions.rules.questionnaire.instruments import SAFETY_ITEM, Instrument

NOT_SAID = frozenset({"entered-in-error", "cancelled"})


class Alone(NamedTuple):
    """The highest answer of the newest day that has one. source: as Observation/12."""

    question: str
    points: int
    day: str
    source: str
    says: str


def item9_alone(
    resources: Iterable[Resource],
    looking: Looking,
    edition: Edition,
    proposed: Sequence[Proposed],
) -> Iterator[Alone]:
    """Item 9 where it is positive, and no form among the proposals says it."""
    theirs = [one for one in resources if may_be_read(one) and looking.is_of_patient(one)]
    for question in edition.questionnaire.questions:
        form = question.instrument
        if form is None or not form.has_safety_item:
            continue
        found = [Alone(question.id, *one) for one in _said(theirs, looking, form)]
        if not found:
            continue
        highest = max(found, key=lambda one: (one.day, one.points))
        if highest.points > max((0, *_proposed_on(highest.day, question.id, proposed))):
            yield highest


def _said(
    resources: Iterable[Resource], looking: Looking, form: Instrument
) -> Iterator[tuple[int, str, str, str]]:
    item = form.items[SAFETY_ITEM - 1]
    link = word(item.link_id).strip("/")
    for one in resources:
        if word(one.get("status")) in NOT_SAID:
            continue
        answers: list[Resource] = []
        when = None
        codes = list(codes_of(one.get("code"), LOINC))
        if one.get("resourceType") == "Observation" and item.loinc in codes:
            when, answers = observed_on(one, looking), [one]
        elif one.get("resourceType") == "QuestionnaireResponse":
            when = looking.when(one.get("authored"))
            items = every_item(one, DEEPEST)
            those = [each for each in items if word(each.get("linkId")).strip("/") == link]
            answers = [answer for each in those for answer in objects(each.get("answer"))]
        for answer in answers:
            points = points_of(answer, form)
            if points is not None and when is not None and when.is_whole:
                says = f"{form.short_name} item {SAFETY_ITEM}: {points}, without a whole form"
                yield points, when.day, name_of(one), says


def _proposed_on(day: str, question: str, proposed: Iterable[Proposed]) -> Iterator[int]:
    """What whole forms of that day say, which are heard as they are proposed."""
    for one in proposed:
        items = one.value.get("items") if isinstance(one.value, Mapping) else None
        if one.question == question and one.on == day and items:
            yield items[SAFETY_ITEM - 1]
