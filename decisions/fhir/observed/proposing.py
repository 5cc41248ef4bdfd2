"""What records of another system propose as answers: each with its source, its day and its words.

Pure: resources in, proposals out. Only what the edition's observed.yaml names is proposed. A record
that was entered in error, refuted, is of somebody else, of a day to come or in another unit
proposes nothing, and no record proposes a "no".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from decisions.documents.letter.partial_date import say_partial
from decisions.fhir.observed.codes import ObservedCodes
from decisions.fhir.observed.forms import forms_in
from decisions.fhir.observed.pressure import pressures_in
from decisions.fhir.observed.proposed import Proposed, takes
from decisions.fhir.observed.reading import (
    Looking,
    Resource,
    codes_of,
    is_day,
    may_be_read,
    name_of,
    short,
    status_of,
    texts_of,
    word,
)
from decisions.fhir.observed.substances import allergies_in, medicines_in
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.medicine_list import MedicineList

NO_LONGER = frozenset({"inactive", "resolved"})
NOT_SO = frozenset({"differential", "entered-in-error", "refuted"})


def propose(
    resources: Iterable[Resource],
    *,
    looking: Looking,
    edition: Edition,
    codes: ObservedCodes,
    medicines: MedicineList,
) -> tuple[Proposed, ...]:
    """Every proposal in the order of the questionnaire; of one question, the newest first."""
    questionnaire = edition.questionnaire
    readable = [one for one in resources if may_be_read(one)]
    patients = [one for one in readable if one.get("resourceType") == "Patient"]
    theirs = [one for one in readable if looking.is_of_patient(one)]
    found = [
        *_ages(patients, looking, codes.age),
        *_diagnoses(theirs, looking, codes),
        *pressures_in(theirs, looking, codes.blood_pressure, questionnaire),
        *forms_in(theirs, looking, edition, codes.totals),
        *allergies_in(theirs, looking, codes.allergies),
        *medicines_in(theirs, readable, looking, codes.medicines, medicines),
    ]
    taken = [one for one in found if takes(questionnaire.question(one.question), one.value)]
    order = {one.id: at for at, one in enumerate(questionnaire.questions)}
    newest = sorted(taken, key=lambda one: one.on, reverse=True)
    return tuple(sorted(newest, key=lambda one: order[one.question]))


def conflicting(proposals: Iterable[Proposed]) -> frozenset[str]:
    """The questions to which the records give more than one whole answer."""
    said: dict[str, list[object]] = defaultdict(list)
    for one in proposals:
        if one.is_whole and one.value not in said[one.question]:
            said[one.question].append(one.value)
    return frozenset(question for question, values in said.items() if len(values) > 1)


def _ages(patients: Sequence[Resource], looking: Looking, question: str) -> Iterator[Proposed]:
    """The age today, by a whole date of birth of a record that is in use."""
    for one in patients:
        reference = f"Patient/{word(one.get('id'))}"
        born = looking.when(one.get("birthDate"))
        is_in_use = one.get("active") is not False and not one.get("deceasedDateTime")
        if reference not in looking.names or not is_in_use or one.get("deceasedBoolean") is True:
            continue
        if born is None or not born.is_whole or not is_day(born.day):
            continue
        today = looking.today
        year, month, day = map(int, born.day.split("-"))
        age = today.year - year - ((today.month, today.day) < (month, day))
        says = f"Born {say_partial(born.day)}"
        yield Proposed(question, age, today.isoformat(), (name_of(one),), says)


def _diagnoses(
    resources: Sequence[Resource], looking: Looking, codes: ObservedCodes
) -> Iterator[Proposed]:
    """Of each diagnosis the newest record."""
    newest: dict[str, Proposed] = {}
    for one in resources:
        if one.get("resourceType") != "Condition" or not _is_a_diagnosis_now(one, looking):
            continue
        when = looking.when(one.get("recordedDate"), one.get("onsetDateTime"))
        for code in codes_of(one.get("code"), codes.diagnosis.system):
            for value, of_value in codes.diagnosis.values.items():
                if not of_value.fit(code):
                    continue
                proposed = Proposed(
                    codes.diagnosis.question,
                    value,
                    when.day if when else "",
                    (name_of(one),),
                    _words(one, code),
                    of_value.check,
                )
                if value not in newest or newest[value].on < proposed.on:
                    newest[value] = proposed
    yield from newest.values()


def _is_a_diagnosis_now(one: Resource, looking: Looking) -> bool:
    return (
        status_of(one, "verificationStatus") not in NOT_SO
        and status_of(one, "clinicalStatus") not in NO_LONGER
        and not any(value for name, value in one.items() if name.startswith("abatement"))
        and not looking.is_to_come(one.get("recordedDate"), one.get("onsetDateTime"))
    )


def _words(one: Resource, code: str) -> str:
    named = next(texts_of(one.get("code")), "")
    status = ", ".join(
        filter(None, (status_of(one, "clinicalStatus"), status_of(one, "verificationStatus")))
    )
    return short(f"{code} {named}".strip() + (f" ({status})" if status else ""))
