"""PHQ-9 and GAD-7 of one day: all items, or a total that was written down without them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from decisions.fhir.names import LOINC
from decisions.fhir.observed.observations import as_whole, observed_when, whole_number
from decisions.fhir.observed.proposed import Proposed
from decisions.fhir.observed.reading import (
    Looking,
    Resource,
    When,
    codes_of,
    mapping,
    may_be_read,
    name_of,
    objects,
    word,
)
from decisions.rules.engine.edition import Edition
from decisions.rules.questionnaire.instruments import (
    SAFETY_ITEM,
    Instrument,
    InstrumentError,
    score_total,
)

FINISHED = frozenset({"completed", "amended"})
DEEPEST = 20
TOTAL_ONLY = "The total alone was found, without the items."


class Form(NamedTuple):
    """One form that can be proposed. items: None where the total alone is known."""

    day: str
    items: tuple[int, ...] | None
    total: int
    sources: tuple[str, ...]

    @property
    def raw(self) -> dict[str, object]:
        """As the question takes it."""
        return {"total": self.total} if self.items is None else {"items": list(self.items)}


class Item(NamedTuple):
    """The points of one item, when they were given, and where it is written."""

    n: int
    points: int | None
    when: When
    source: str


def forms_in(
    resources: Sequence[Resource],
    looking: Looking,
    edition: Edition,
    totals: Mapping[str, str],
) -> Iterator[Proposed]:
    """Of each instrument what its newest day has; more than one form where they differ."""
    for question in edition.questionnaire.questions:
        form = question.instrument
        if form is None or form.id not in totals:
            continue
        found = [
            *_by_responses(resources, looking, form),
            *_by_items(resources, looking, form),
            *_by_totals(resources, looking, form, totals[form.id]),
        ]
        for one in _of_newest_day(found):
            check = TOTAL_ONLY if one.items is None else ""
            item9 = ""
            if one.items is not None and form.has_safety_item:
                item9 = f", item 9: {one.items[SAFETY_ITEM - 1]}"
            says = f"{form.short_name} {one.total}{item9}"
            yield Proposed(question.id, one.raw, one.day, one.sources, says, check)


def _of_newest_day(found: Iterable[Form]) -> Iterator[Form]:
    """Each form once; a total that is that of a whole form of the day says nothing more."""
    forms = list(found)
    newest = max((one.day for one in forms), default="")
    of_day: dict[object, Form] = {}
    for one in forms:
        if one.day == newest:
            of_day.setdefault(one[:3], one)
    whole = {one.total for one in of_day.values() if one.items is not None}
    for one in of_day.values():
        if one.items is not None or one.total not in whole:
            yield one


# By items


def _by_items(resources: Iterable[Resource], looking: Looking, form: Instrument) -> Iterator[Form]:
    """Items of one moment belong together; else items of one day, if none was answered twice."""
    by_moment, by_day = defaultdict[When, list[Item]](list), defaultdict[str, list[Item]](list)
    for one in _items(resources, looking, form):
        by_moment[one.when].append(one)
        by_day[one.when.day].append(one)
    whole = [made for group in by_moment.values() if (made := _form_of(group, form))]
    yield from whole
    days = {one.day for one in whole}
    for day, group in by_day.items():
        if day not in days and (made := _form_of(group, form)):
            yield made


def _items(resources: Iterable[Resource], looking: Looking, form: Instrument) -> Iterator[Item]:
    numbers = {one.loinc: one.n for one in form.items if one.loinc}
    for one in resources:
        when = observed_when(one, looking)
        if when is None or not when.is_whole:
            continue
        for code in codes_of(one.get("code"), LOINC):
            if code in numbers:
                yield Item(numbers[code], points_of(one, form), when, name_of(one))


def _form_of(group: Iterable[Item], form: Instrument) -> Form | None:
    """A form whose every item was answered once, or twice alike, within its points."""
    said: dict[int, int] = {}
    sources = []
    for one in group:
        if one.points is None or said.setdefault(one.n, one.points) != one.points:
            return None
        sources.append(one.source)
        day = one.when.day
    if len(said) != len(form.items):
        return None
    items = tuple(said[one.n] for one in form.items)
    return Form(day, items, sum(items), tuple(dict.fromkeys(sources)))


def points_of(said: Resource, form: Instrument) -> int | None:
    """The points of one answer, by its LOINC code or as a number; None for any other."""
    by_code = {one.loinc_answer: one.value for one in form.options if one.loinc_answer}
    concept = said.get("valueCodeableConcept") or {"coding": [said.get("valueCoding")]}
    coded = {by_code[code] for code in codes_of(concept, LOINC) if code in by_code}
    if coded:
        return coded.pop() if len(coded) == 1 else None
    number = _number(said)
    return number if number is not None and 0 <= number <= form.highest else None


def _number(said: Resource) -> int | None:
    for name in ("valueInteger", "valueDecimal"):
        if name in said:
            return as_whole(said[name])
    return whole_number(said.get("valueQuantity"))


# By a whole response, or a total


def _by_responses(
    resources: Iterable[Resource], looking: Looking, form: Instrument
) -> Iterator[Form]:
    """A finished response with the link ids of the instrument, each answered once."""
    numbers = {word(one.link_id).strip("/"): one.n for one in form.items if one.link_id}
    for one in resources:
        is_finished = word(one.get("status")) in FINISHED
        if one.get("resourceType") != "QuestionnaireResponse" or not is_finished:
            continue
        when = looking.when(one.get("authored"))
        if when is None or not when.is_whole:
            continue
        answered = [
            Item(numbers[link], _only_answer(item, form), when, name_of(one))
            for item in every_item(one, DEEPEST)
            if (link := word(item.get("linkId")).strip("/")) in numbers
        ]
        is_once = len({item.n for item in answered}) == len(answered)
        if is_once and (made := _form_of(answered, form)):
            yield made


def every_item(of: Resource, deep: int) -> Iterator[Resource]:
    for item in filter(may_be_read, objects(of.get("item")) if deep else []):
        yield item
        for inner in (item, *objects(item.get("answer"))):
            yield from every_item(inner, deep - 1)


def _only_answer(item: Resource, form: Instrument) -> int | None:
    answers = objects(item.get("answer"))
    return points_of(mapping(answers[0]), form) if len(answers) == 1 else None


def _by_totals(
    resources: Iterable[Resource], looking: Looking, form: Instrument, code: str
) -> Iterator[Form]:
    for one in resources:
        when = observed_when(one, looking)
        if when is None or not when.is_whole or code not in codes_of(one.get("code"), LOINC):
            continue
        total = _number(one)
        try:
            known = None if total is None else score_total(form, total).total
        except InstrumentError:
            continue
        if known is not None:
            yield Form(when.day, None, known, (name_of(one),))
