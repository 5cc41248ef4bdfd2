"""The words of the letter: every sentence is data of an edition, with places to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Self

from pydantic import model_validator

from decisions.documents.letter.history_words import HistoryWords
from decisions.documents.letter.material import Reader
from decisions.documents.letter.page_words import PAGE_PLACES, PageWords
from decisions.documents.letter.sharing import ConsentProblem
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.result_words import ResultWords
from decisions.rules.engine.rules import Effect
from decisions.rules.logic.values import Frozen, Text
from evidence.domain.terms import Certainty, Verified
from evidence.strict_yaml import wrong_keys

NOT_KNOWN_KEY = "not_known"
"""How "not known" is written as a value of facts and of a request."""

Words = Mapping[str, Text]

PLACES: Mapping[str, frozenset[str]] = {
    "columns": frozenset({"day"}),
    "waits_for": frozenset({"questions"}),
    "waits_for_many": frozenset({"count"}),
    "request": frozenset({"kind", "option", "how_soon", "why", "whom"}),
    "readers": frozenset({"name"}),
    "patient": frozenset({"day", "number", "reference", "words"}),
    "head": frozenset(
        [
            "name",
            "names",
            "phone",
            "route",
            "number",
            "day",
            "reason",
            "patient",
            "born",
            "edition",
            "release",
            "code",
            "address",
        ]
    ),
    "why_now": frozenset(
        [
            "diagnosis",
            "code",
            "specifier",
            "since",
            "source",
            "scale",
            "score",
            "day",
            "courses",
            "best",
            "months",
            "now",
            "trials",
            "ketamine",
            "ect",
            "speed",
            "preference",
        ]
    ),
    "safety": frozenset(
        [
            *("day", "method", "finding", "assessed", "item9", "plan", "means"),
            *("psychosis", "mania", "catatonia", "because", "done", "assessment", "agreed"),
        ]
    ),
    "uncertain": frozenset({"reasons", "questions", "facts"}),
    "asked": frozenset({"name", "phone", "day", "questions"}),
    "signature": frozenset({"name", "moment", "seal"}),
    "annex": frozenset(
        [
            "trials",
            "ketamine",
            "ect",
            "words",
            "item9",
            "decision",
            "day",
            "label",
            "certainty",
            "verified",
            "reference",
            "recipient",
            "signed",
            "until",
            "scope",
            "questions",
        ]
    ),
    "history": frozenset(
        [
            "row",
            "value",
            "doubt",
            "lowest",
            "highest",
            "device",
            "target",
            "protocol",
            "events",
            "threshold",
            "percent",
            "scale",
            "score",
            "day",
            "start",
            "end",
            "drug",
            "drug_class",
            "number",
            "moment",
            "name",
            "dose",
            "frequency",
            "since",
            "substance",
            "reaction",
            "words",
            "question",
            "answered",
            "rows",
            "courses",
            "coil",
            "sessions",
            "best",
            "last",
            "months",
            "tolerated",
            "seizure",
        ]
    ),
    "missing": frozenset({"questions"}),
    "page": PAGE_PLACES,
    "stricter": frozenset({"edition", "day", "option", "verdict", "verdicts", "because"}),
}
"""Field of LetterWords -> the places that its texts may name; other fields have none."""


class RequestWords(Frozen):
    """The request in one sentence, from its parts."""

    sentence: Text
    kinds: Words
    options: Words
    how_soon: Words
    why: Words
    not_chosen: Text


class SubstanceWords(Frozen):
    """Answers that 42 CFR Part 2 can keep back. mentions: words that a free text may name them by.

    sources: where an answer comes from, by its name in the record.
    """

    questions: tuple[Text, ...]
    left_out: Text
    sources: Words
    mentions: tuple[Text, ...]


class LetterWords(Frozen):
    """All words of the letter of one edition. `findings` maps rule ids to short phrases.

    follow_ups: questions of a screen that is printed only where it was asked.
    not_asked_yet: needed where `both` is held back by what is open (OPEN in rules.yaml).
    labels: question -> value -> how a letter says it; what has none is said as on the form.

    Raises ValueError when a text names a place that is never filled in.
    """

    edition: Text
    not_known: Text
    not_assessed: Text
    does_not_apply: Text
    yes_word: Text
    no_word: Text
    headings: Words
    columns: Mapping[str, tuple[Text, ...]]
    options: Words
    result: ResultWords
    held_back: Text
    not_asked_yet: Text | None = None
    leads_so_far: Text
    unproven: Text
    experimental: Text
    no_reason_for: Text
    no_reason_against: Text
    only_held_back: Text
    none_now_finding: Text
    none_now_for: Text
    none_now_against: Text
    waits_for: Text
    waits_for_many: Text
    waits_for_left_out: Text
    request: RequestWords
    patient: Words
    head: Words
    why_now: Words
    safety: Words
    reasoning_missing: Text
    uncertain: Words
    asked: Words
    signature: Words
    annex: Words
    certainty: Words
    verified: Mapping[Verified, Text]
    fact_names: Words
    blocks: Mapping[str, tuple[Text, ...]]
    ticked: Words
    asked_elsewhere: Words
    missing: Words
    findings: Words
    unlisted: Words
    labels: Mapping[str, Words]
    readers: Words
    annex_of: Mapping[Reader, tuple[Text, ...]]
    alone: Mapping[str, tuple[Text, ...]]
    follow_ups: tuple[Text, ...] = ()
    substance: SubstanceWords
    history: HistoryWords
    page: PageWords
    consent_problems: Words
    stricter: Words

    @model_validator(mode="after")
    def _names_known_places(self) -> Self:
        for field in type(self).model_fields.keys() - {"result"}:
            for text in _texts_in(getattr(self, field)):
                if strange := _places_in(text) - PLACES.get(field, frozenset()):
                    raise ValueError(f"{field}: nothing fills in {', '.join(sorted(strange))}")
        return self

    @model_validator(mode="after")
    def _has_all_words(self) -> Self:
        needed: tuple[tuple[str, set[str], set[str]], ...] = (
            ("verified", set(Verified), set(self.verified)),
            ("readers", set(Reader), set(self.readers)),
            ("annex_of", set(Reader), set(self.annex_of)),
            ("consent_problems", {*ConsentProblem, "none"}, set(self.consent_problems)),
            ("certainty", {*Certainty, "none", "position"}, set(self.certainty)),
        )
        for field, wanted, present in needed:
            if missing := wanted - present:
                raise ValueError(f"{field}: add {', '.join(sorted(missing))}")
        return self


def problems_of_words(words: LetterWords, edition: Edition) -> tuple[str, ...]:
    """What does not fit the edition: a rule without its phrase, an unknown rule or question."""
    said = {rule.id for rule in edition.rules if rule.effect is not Effect.NOTE}
    asked = {question.id for question in edition.questionnaire.questions}
    lists = (
        *words.blocks.values(),
        *words.alone.values(),
        words.substance.questions,
        words.follow_ups,
    )
    named = {name for block in lists for name in block}
    problems = []
    if edition.open_is_never_no and words.not_asked_yet is None:
        problems.append("not_asked_yet: add it, as what is open can hold both at once back")
    if words.edition != edition.id:
        problems.append(f"edition: write {edition.id}")
    if wrong := wrong_keys(words.findings, said):
        problems.append(f"findings: {wrong}")
    if unknown := sorted(named - asked):
        problems.append(f"blocks: no question is called {', '.join(unknown)}")
    return tuple(problems)


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Frozen):
        for field in type(value).model_fields:
            yield from _texts_in(getattr(value, field))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts_in(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts_in(one)


def _places_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
