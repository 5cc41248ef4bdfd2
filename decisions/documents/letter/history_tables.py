"""Treatment history in the letter: tables of rows, and what in them is not known."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.blocks import Table
from decisions.documents.letter.history_doubts import OF_THE_CHANGE, Doubt, Life, doubts_about
from decisions.documents.letter.partial_date import say_partial
from decisions.documents.letter.phrasing import Sayings
from decisions.documents.letter.treatment_history import (
    KINDS,
    DrugTrial,
    EarlierScore,
    History,
    OtherTreatment,
    TmsCourse,
)
from decisions.rules.logic.values import Frozen


def tms_table(sayings: Sayings) -> Table:
    """One row a course."""
    rows = tuple(_course(sayings, one) for one in sayings.material.history.tms_courses)
    return Table(columns=sayings.words.history.columns["tms_courses"], rows=rows)


def _course(sayings: Sayings, one: TmsCourse) -> tuple[str, ...]:
    known = sayings.fact
    words = sayings.words.history.sentences
    scale = sayings.words.history.say("scales", one.scale, sayings.words.not_known)
    return (
        _between(sayings, one.started, one.ended),
        words["setting"].format(
            device=known(one.device), target=known(one.target), protocol=known(one.protocol)
        ),
        _count(sayings, one.sessions),
        _score(sayings, one, scale, "score_before"),
        _after(sayings, one, scale),
        _day(sayings, one.lost_on),
        words["events"].format(events=known(one.adverse_events), threshold=known(one.threshold)),
        known(one.why_stopped),
    )


def _after(sayings: Sayings, one: TmsCourse, scale: str) -> str:
    score = _score(sayings, one, scale, "score_after")
    change = _percent_better(sayings, one)
    if change is None:
        return score
    words = sayings.words.history.sentences
    said = words["better" if change >= 0 else "worse"].format(percent=abs(change))
    return f"{score}, {said}"


def _percent_better(sayings: Sayings, one: TmsCourse) -> int | None:
    """The change, where nothing that it is worked out from can be wrong."""
    return None if _doubted(sayings, one) & OF_THE_CHANGE else one.percent_better


def _score(sayings: Sayings, one: TmsCourse, scale: str, field: str) -> str:
    score: int | None = getattr(one, field)
    if score is None:
        return sayings.words.not_known
    words = sayings.words.history
    day = _day(sayings, getattr(one, f"{field}_on"))
    if field in _doubted(sayings, one):
        day = f"{day}; {words.doubts['in_letter']}"
    return words.sentences["score"].format(scale=scale, score=score, day=day)


def _doubted(sayings: Sayings, row: Frozen) -> frozenset[str]:
    """The fields of a row whose values cannot be right."""
    return frozenset(one.field for one in _doubts(sayings, row))


def _doubts(sayings: Sayings, row: Frozen) -> Iterator[Doubt]:
    material = sayings.material
    life = Life(born=material.patient.born, today=material.issue.written_on)
    return doubts_about(row, sayings.words.history, life)


def _between(sayings: Sayings, started: str, ended: str) -> str:
    if not (started or ended):
        return sayings.words.not_known
    words = sayings.words.history.sentences
    return words["between"].format(start=_day(sayings, started), end=_day(sayings, ended))


def _day(sayings: Sayings, written: str) -> str:
    return say_partial(written) if written else sayings.words.not_known


def _count(sayings: Sayings, count: int | None) -> str:
    return sayings.words.not_known if count is None else str(count)


def trials_table(sayings: Sayings) -> Table:
    """One row a medicine tried; then ECT, psychotherapy and ketamine."""
    history = sayings.material.history
    rows = (
        *(_trial(sayings, one) for one in history.trials),
        *(_other(sayings, one) for one in history.others),
    )
    return Table(columns=sayings.words.history.columns["trials"], rows=rows)


def _trial(sayings: Sayings, one: DrugTrial) -> tuple[str, ...]:
    words, unknown = sayings.words.history, sayings.words.not_known
    drug_class = words.say("classes", one.drug_class, unknown)
    return (
        words.sentences["drug"].format(drug=one.drug, drug_class=drug_class),
        sayings.fact(one.highest_dose),
        _count(sayings, one.weeks),
        words.say("adherence", one.adherence, unknown),
        words.say("results", one.result, unknown),
        sayings.fact(one.why_stopped),
        words.say("sources", one.source, unknown),
    )


def _other(sayings: Sayings, one: OtherTreatment) -> tuple[str, ...]:
    words, unknown = sayings.words.history, sayings.words.not_known
    number = words.sentences["number"].format(number=_count(sayings, one.number))
    return (
        words.say("kinds", one.kind, unknown),
        sayings.fact(one.details),
        f"{number}, {_between(sayings, one.started, one.ended)}",
        sayings.words.does_not_apply,
        words.say("results", one.result, unknown),
        sayings.fact(one.why_stopped),
        words.say("sources", one.source, unknown),
    )


def score_rows(sayings: Sayings) -> Iterator[tuple[str, ...]]:
    """Earlier scores as rows of the table of scores: when, scale, score, band."""
    words = sayings.words.history
    for one in sayings.material.history.scores:
        scale = words.say("scales", one.scale, sayings.words.not_known)
        moment = words.choices["moments"].get(one.moment, "")
        name = words.sentences["at"].format(scale=scale, moment=moment) if moment else scale
        yield (
            _day(sayings, one.taken),
            name,
            _count(sayings, one.score),
            _completeness(sayings, one),
        )


def _completeness(sayings: Sayings, one: EarlierScore) -> str:
    words = sayings.words.annex
    if "score" in _doubted(sayings, one):
        return sayings.words.history.doubts["in_letter"]
    return words["band_incomplete"] if one.is_incomplete else words["no_band"]


def medicines_in_words(sayings: Sayings) -> str:
    """The medicines of now, each with dose, frequency and since when; then what was noted."""
    words, history = sayings.words.history.sentences, sayings.material.history
    said = [
        words["medicine"].format(
            name=one.name,
            dose=sayings.fact(one.dose),
            frequency=sayings.fact(one.frequency),
            since=_day(sayings, one.since),
        )
        for one in history.medicines
    ]
    return _listed(sayings, "medicines", said, sayings.material.facts.medicines)


def allergies_in_words(sayings: Sayings) -> str:
    """The allergies, each with what happened; none only where somebody said so."""
    words, history = sayings.words.history.sentences, sayings.material.history
    said = [
        words["allergy"].format(substance=one.substance, reaction=sayings.fact(one.reaction))
        for one in history.allergies
    ]
    return _listed(sayings, "allergies", said, sayings.material.facts.allergies)


def _listed(sayings: Sayings, kind: str, said: list[str], note: str) -> str:
    said += [sayings.fact(note)] if note else []
    if said:
        return "; ".join(said)
    none = kind in sayings.material.history.none_of
    return sayings.words.history.sentences["none"] if none else sayings.words.not_known


def note_of(sayings: Sayings, text: str) -> str | None:
    """What was noted besides the rows, or None."""
    if not text:
        return None
    return sayings.words.history.sentences["noted"].format(words=sayings.fact(text))


def gaps_of(sayings: Sayings) -> Iterator[str]:
    """What the rows lack and the letter prints as not known, and what in them cannot be right."""
    words, history = sayings.words.history.gaps, sayings.material.history
    for trial in history.trials:
        lacks = {"dose": not trial.highest_dose, "weeks": trial.weeks is None}
        lacks["result"] = not trial.result
        yield from (
            words[name].format(name=trial.drug) for name, is_open in lacks.items() if is_open
        )
    for medicine in history.medicines:
        if not medicine.dose:
            yield words["dose"].format(name=medicine.name)
    for place, course in enumerate(history.tms_courses, start=1):
        if course.percent_better is None:
            yield words["course_scores"].format(number=place)
    yield from _impossible(sayings)


def _impossible(sayings: Sayings) -> Iterator[str]:
    """Every value of the history that cannot be right, with the row that it is in."""
    words, history = sayings.words.history, sayings.material.history
    for kind in KINDS:
        for row in getattr(history, kind):
            for field, why in _doubts(sayings, row):
                yield words.doubts["gap"].format(
                    row=_name_of(sayings, history, row), value=_as_written(row, field), doubt=why
                )


def _name_of(sayings: Sayings, history: History, row: Frozen) -> str:
    """What names a row: the medicine, the treatment, the scale, or the place of a course."""
    words = sayings.words.history
    if isinstance(row, TmsCourse):
        return words.doubts["course"].format(number=history.tms_courses.index(row) + 1)
    if isinstance(row, OtherTreatment):
        return words.say("kinds", row.kind, "")
    if isinstance(row, EarlierScore):
        return words.say("scales", row.scale, sayings.words.not_known)
    return str(getattr(row, "drug", "") or getattr(row, "name", ""))


def _as_written(row: Frozen, field: str) -> str:
    value = getattr(row, field)
    return say_partial(value) if isinstance(value, str) else str(value)
