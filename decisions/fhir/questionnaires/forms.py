"""The questionnaires that there are: of each edition, PHQ-9 and GAD-7."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from decisions.fhir.names import OURS, Resource
from decisions.fhir.questionnaires.editions import edition_questionnaire, section_link_id
from decisions.fhir.questionnaires.instruments import instrument_questionnaire
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import CURRENT_EDITION, edition_ids, load_edition
from decisions.rules.logic.values import sha256_of
from decisions.rules.questionnaire.instruments import Instrument
from decisions.rules.questionnaire.questionnaire import Question

INSTRUMENT_FORMS: Final = ("phq9", "gad7")
EDITION_PREFIX: Final = "edition-"
_DIGEST_LENGTH = 12


@dataclass(frozen=True)
class Form:
    """One questionnaire: an edition with its questions, or one instrument of it.

    instrument: None for a whole edition.
    """

    id: str
    edition: Edition
    instrument: Instrument | None = None

    @property
    def url(self) -> str:
        """Its name, without the version."""
        return f"{OURS}/Questionnaire/{self.id}"

    @property
    def questions(self) -> tuple[Question, ...]:
        """What it asks."""
        if self.instrument is not None:
            return (self.edition.questionnaire.question(self.instrument.id),)
        return self.edition.questionnaire.questions

    @property
    def groups(self) -> frozenset[str]:
        """The ids of items that hold other items and take no answer."""
        if self.instrument is not None:
            return frozenset()
        sections = (section_link_id(one.id) for one in self.edition.questionnaire.sections)
        forms = (one.id for one in self.questions if one.instrument is not None)
        return frozenset((*sections, *forms))


def form_named(form_id: str) -> Form | None:
    """The questionnaire of this id: phq9, gad7, edition-2026.2; None where there is none."""
    if form_id in INSTRUMENT_FORMS:
        edition = load_edition(CURRENT_EDITION)
        return Form(form_id, edition, edition.questionnaire.question(form_id).instrument)
    edition_id = form_id.removeprefix(EDITION_PREFIX)
    if form_id.startswith(EDITION_PREFIX) and edition_id in edition_ids():
        return Form(form_id, load_edition(edition_id))
    return None


def form_ids() -> tuple[str, ...]:
    """Every questionnaire, the newest edition first."""
    editions = (f"{EDITION_PREFIX}{one}" for one in reversed(edition_ids()))
    return (*editions, *INSTRUMENT_FORMS)


@dataclass(frozen=True)
class Written:
    """A questionnaire as it is given out. tag: changes with its edition and with its text."""

    resource: Resource
    tag: str


@cache
def written_form(form_id: str) -> Written | None:
    """The questionnaire of this id as a resource; None where there is none."""
    form = form_named(form_id)
    if form is None:
        return None
    resource = (
        instrument_questionnaire(form.instrument, form.edition.id)
        if form.instrument is not None
        else edition_questionnaire(form.edition)
    )
    digest = sha256_of(resource)[:_DIGEST_LENGTH]
    return Written(resource, f'W/"{form.edition.sha256}.{digest}"')
