"""What a patient was treated with before, row by row. What is not known is left open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from decisions.documents.letter.partial_date import PartialDate
from decisions.rules.logic.plain_values import Plain
from decisions.rules.logic.values import Frozen

Count = Annotated[int, Field(ge=0, le=1000)] | None
Score = Annotated[int, Field(ge=0, le=200)] | None


class TmsCourse(Frozen):
    """One course of TMS. Scores are of one scale; how much they changed is worked out."""

    started: PartialDate = ""
    ended: PartialDate = ""
    device: Plain = ""
    target: Plain = ""
    protocol: Plain = ""
    sessions: Count = None
    scale: Plain = ""
    score_before: Score = None
    score_before_on: PartialDate = ""
    score_after: Score = None
    score_after_on: PartialDate = ""
    lost_on: PartialDate = ""
    adverse_events: Plain = ""
    threshold: Plain = ""
    why_stopped: Plain = ""

    @property
    def percent_better(self) -> int | None:
        """By how much the score fell, in percent of the first; negative where it rose."""
        if not self.score_before or self.score_after is None:
            return None
        return round(100 * (self.score_before - self.score_after) / self.score_before)


EARLIER = "earlier"
"""The episode of a trial that was before the present one."""


class DrugTrial(Frozen):
    """One medicine tried. weeks: at the highest dose; episode: "earlier" where it was before it."""

    drug: Plain
    drug_class: Plain = ""
    highest_dose: Plain = ""
    weeks: Count = None
    started: PartialDate = ""
    ended: PartialDate = ""
    episode: Plain = ""
    scale: Plain = ""
    score_before: Score = None
    score_after: Score = None
    adherence: Plain = ""
    result: Plain = ""
    why_stopped: Plain = ""
    source: Plain = ""


class OtherTreatment(Frozen):
    """ECT, psychotherapy or ketamine. details: electrodes, method, or route and dose."""

    kind: Plain
    details: Plain = ""
    number: Count = None
    started: PartialDate = ""
    ended: PartialDate = ""
    result: Plain = ""
    why_stopped: Plain = ""
    source: Plain = ""


class Medicine(Frozen):
    """One medicine taken now."""

    name: Plain
    dose: Plain = ""
    route: Plain = ""
    frequency: Plain = ""
    since: PartialDate = ""


class Allergy(Frozen):
    """One allergy, with what happened."""

    substance: Plain
    reaction: Plain = ""


class EarlierScore(Frozen):
    """One score of the past."""

    scale: Plain
    score: Score = None
    taken: PartialDate = ""
    moment: Plain = ""
    is_incomplete: bool = False


Row = TmsCourse | DrugTrial | OtherTreatment | Medicine | Allergy | EarlierScore
KINDS: Final[Mapping[str, type[Frozen]]] = {
    "tms_courses": TmsCourse,
    "trials": DrugTrial,
    "others": OtherTreatment,
    "medicines": Medicine,
    "allergies": Allergy,
    "scores": EarlierScore,
}
"""Field of History -> what its rows are."""


class History(Frozen):
    """All of it. none_of: kinds of which somebody said that there are none."""

    tms_courses: tuple[TmsCourse, ...] = ()
    trials: tuple[DrugTrial, ...] = ()
    others: tuple[OtherTreatment, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    scores: tuple[EarlierScore, ...] = ()
    none_of: tuple[str, ...] = ()
