"""Treatment history in the letter: tables of rows, and what in them is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decisions.documents.letter.history_doubts import OF_THE_CHANGE, Doubt, Life, doubts_about
from decisions.documents.letter.partial_date import say_partial
from decisions.documents.letter.phrasing import Sayings
from decisions.documents.letter.treatment_history import (
    KINDS,
    EarlierScore,
    History,
    OtherTreatment,
    TmsCourse,
)
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.instruments import Instrument, band_of


def tms_row(sayings: Sayings, one: TmsCourse) -> tuple[str, ...]:
    """One course as a row; what is not known of it is empty."""
    sentences = sayings.words.history.sentences
    scale = sayings.words.history.say("scales", one.scale, "")
    both = one.adverse_events and one.threshold
    events = sentences["events"].format(events=one.adverse_events, threshold=one.threshold)
    return (
        sayings.between(one.started, one.ended, short=True),
        "; ".join(filter(None, (one.device, one.target, one.protocol))),
        "" if one.sessions is None else str(one.sessions),
        _score(sayings, one, scale, "score_before"),
        _after(sayings, one, scale),
        say_partial(one.lost_on, short=True) if one.lost_on else "",
        events if both else one.adverse_events or one.threshold,
        one.why_stopped,
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
    return None if doubted(sayings, one) & OF_THE_CHANGE else one.percent_better


def _score(sayings: Sayings, one: TmsCourse, scale: str, field: str) -> str:
    score: int | None = getattr(one, field)
    if score is None:
        return ""
    words, day = sayings.words.history, getattr(one, f"{field}_on")
    beside = [say_partial(day, short=True)] if day else []
    beside += [words.doubts["in_letter"]] if field in doubted(sayings, one) else []
    said = f"{scale} {score}".strip()
    return f"{said} ({'; '.join(beside)})" if beside else said


def doubted(sayings: Sayings, row: Frozen) -> frozenset[str]:
    """The fields of a row whose values cannot be right."""
    return frozenset(one.field for one in _doubts(sayings, row))


def _doubts(sayings: Sayings, row: Frozen) -> Iterator[Doubt]:
    material = sayings.material
    life = Life(born=material.patient.born, today=material.issue.written_on)
    return doubts_about(row, sayings.words.history, life)


def _day(sayings: Sayings, written: str) -> str:
    return say_partial(written, short=True) if written else sayings.words.not_known


def _count(sayings: Sayings, count: int | None) -> str:
    return sayings.words.not_known if count is None else str(count)


Instruments = Mapping[str, Instrument | None]


def score_rows(sayings: Sayings, instruments: Instruments) -> Iterator[tuple[str, ...]]:
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
            _completeness(sayings, one, instruments.get(one.scale)),
        )


def _completeness(sayings: Sayings, one: EarlierScore, instrument: Instrument | None) -> str:
    words = sayings.words.annex
    if "score" in doubted(sayings, one):
        return sayings.words.history.doubts["in_letter"]
    if one.is_incomplete or one.score is None or instrument is None:
        return words["band_incomplete"] if one.is_incomplete else words["no_band"]
    return band_of(instrument, one.score).label


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
