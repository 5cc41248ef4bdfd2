"""The code of a diagnosis against diagnosis, specifier, psychotic symptoms and PHQ-9."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from decisions.documents.contradictions.compared import FACTS, Compared, Mismatch
from decisions.documents.contradictions.wording import Code
from decisions.rules.questionnaire.instruments import Scores, band_of

DIAGNOSIS, PSYCHOSIS, PHQ9 = "diagnosis", "psychosis", "phq9"
QUESTIONS = frozenset({DIAGNOSIS, PSYCHOSIS, PHQ9})
WRITTEN = re.compile(r"\bF(\d\d)(?:\.?(\d))?", re.IGNORECASE)


def mismatches_of_code(compared: Compared) -> Iterator[Mismatch]:
    """Everything that does not fit the first code that is known."""
    written, code = _code(compared)
    if code is None:
        return
    said = {"code": written, "name": code.name}
    if compared.value(DIAGNOSIS) not in (None, *code.diagnosis):
        yield _code_against(compared, "code_diagnosis", said, DIAGNOSIS)
    for word in _against(code, compared.specifier):
        yield _code_against(compared, "code_specifier", {**said, "word": word})
    if code.psychosis and compared.value(PSYCHOSIS) not in (None, *code.psychosis):
        yield _code_against(compared, "code_psychosis", said, PSYCHOSIS)
    if (of_score := _severity(compared, code)) is not None:
        yield _code_against(compared, "code_severity", {**said, **of_score}, PHQ9)


def _code_against(
    compared: Compared, kind: str, filled: Mapping[str, object], *questions: str
) -> Mismatch:
    return compared.mismatch(kind, questions=questions, places=(FACTS,), filled=filled)


def _code(compared: Compared) -> tuple[str, Code | None]:
    """The code as it is written, and what is known of it: by four signs, else by three."""
    codes = compared.words.codes
    for found in WRITTEN.finditer(compared.diagnosis_code):
        category = f"F{found[1]}"
        for name in (f"{category}.{found[2]}", category):
            if name in codes:
                return name, codes[name]
    return "", None


def _against(code: Code, specifier: str) -> Iterator[str]:
    """Words of the specifier that the code does not fit; "moderate to severe" fits both."""
    said = set(re.findall(r"[a-z]+", specifier.lower()))
    fitting = set(re.findall(r"[a-z]+", code.name.lower()))
    severities = {"mild", "moderate", "severe"}
    for word in code.words:
        if word in severities and fitting & severities & said:
            continue
        if set(word.split()) <= said:
            yield word


def _severity(compared: Compared, code: Code) -> dict[str, object] | None:
    """PHQ-9 with its band where that does not fit the code; else None."""
    scores = compared.value(PHQ9)
    if not code.severity or not isinstance(scores, Scores) or scores.total is None:
        return None
    instrument = compared.edition.questionnaire.question(PHQ9).instrument
    band = band_of(instrument, scores.total) if instrument else None
    if band is None or band.id in code.severity:
        return None
    return {"score": scores.total, "band": band.label.lower()}
