"""By which codes and names records of other systems propose answers: data of an edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from pydantic import ValidationError

from decisions.rules.loading import folder_of, load_edition
from decisions.rules.logic.values import Frozen, Id, Text
from decisions.rules.questionnaire.questionnaire import Questionnaire
from evidence.strict_yaml import YamlRefused, read_yaml
from kapnet.core.web.guidance import GuidanceUnavailable

FILE = "observed.yaml"


class ObservedCodesRefused(GuidanceUnavailable, ValueError):
    """Codes that cannot be used; the message says why."""


class DiagnosisCodes(Frozen):
    """What proposes one value: codes that begin so, but none that begins as those of `but`."""

    codes: tuple[Text, ...]
    but: tuple[Text, ...]
    check: Text

    def fit(self, code: str) -> bool:
        """Whether this code is one of them, written with its dot or without."""
        plain = _plain(code)
        begins, not_those = (tuple(map(_plain, them)) for them in (self.codes, self.but))
        return plain.startswith(begins) and not plain.startswith(not_those)


def _plain(code: str) -> str:
    return code.replace(".", "").strip().upper()


class Diagnosis(Frozen):
    """The question about the diagnosis, and the system of its codes."""

    question: Id
    system: Text
    values: Mapping[Id, DiagnosisCodes]


class BloodPressure(Frozen):
    """LOINC codes of a reading and its parts, the upper number first, by question.

    within_days: how old a reading may be.
    """

    panel: Text
    unit: Text
    within_days: int
    parts: Mapping[Id, Text]


class Allergy(Frozen):
    """Whole words that name a substance, and words by which a text may deny it."""

    names: tuple[Text, ...]
    negations: tuple[Text, ...]
    check: Text


class Medicines(Frozen):
    """The question that the medicine list of the edition proposes answers to."""

    question: Id
    check: Text


class ObservedCodes(Frozen):
    """All of an edition. totals: instrument -> the LOINC code of its total."""

    edition: str
    age: Id
    diagnosis: Diagnosis
    blood_pressure: BloodPressure
    totals: Mapping[Id, Text]
    allergies: Mapping[Id, Allergy]
    medicines: Medicines

    @property
    def questions(self) -> frozenset[str]:
        """Every question that can be proposed an answer to."""
        one_by_one = {self.age, self.diagnosis.question, self.medicines.question}
        return frozenset(one_by_one | {*self.blood_pressure.parts, *self.totals, *self.allergies})


@cache
def observed_codes(edition_id: str) -> ObservedCodes | None:
    """The codes of an edition; None where it has none. Raises ObservedCodesRefused."""
    file = folder_of(edition_id) / FILE
    if not file.is_file():
        return None
    try:
        codes = ObservedCodes.model_validate(read_yaml(file))
    except (YamlRefused, ValidationError) as error:
        raise ObservedCodesRefused(f"{FILE}: {error}") from error
    problems = list(_problems(codes, load_edition(edition_id).questionnaire))
    if codes.edition != edition_id:
        problems.append(f"write edition {edition_id}")
    if problems:
        raise ObservedCodesRefused(f"{FILE}: {'; '.join(problems)}")
    return codes


def _problems(codes: ObservedCodes, questionnaire: Questionnaire) -> Iterator[str]:
    for one in sorted(codes.questions):
        if not questionnaire.has_question(one):
            yield f"there is no question {one}"
    asked = codes.diagnosis.question
    if questionnaire.has_question(asked):
        for value in codes.diagnosis.values.keys() - questionnaire.question(asked).values:
            yield f"{asked} does not offer {value}"
