"""A letter without the answers that may not leave: as if nobody had asked for them.

The rules are applied to what is left, so that neither a reason nor a verdict tells what was left
out: two cases that differ only there give the same letter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from decisions.documents.letter.material import Decided, LetterMaterial
from decisions.documents.letter.sharing import folded
from decisions.rules.engine.decide import decide
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answers import Answers
from evidence.domain.entries import EvidenceBase


def decided_without(
    decided: Decided, questions: Collection[str], *, edition: Edition, evidence: EvidenceBase
) -> Decided:
    """A recorded decision made again without the answers to these questions."""
    kept = {name: raw for name, raw in decided.answers.items() if name not in questions}
    days = {name: day for name, day in decided.assessed_on.items() if name not in questions}
    outcome = outcome_without(kept, questions, edition=edition, evidence=evidence)
    return decided.model_copy(update={"answers": kept, "assessed_on": days, "outcome": outcome})


def outcome_without(
    answers: Mapping[str, object],
    questions: Collection[str],
    *,
    edition: Edition,
    evidence: EvidenceBase,
) -> Outcome:
    """What the rules say of answers, as if these questions had none."""
    kept = {name: raw for name, raw in answers.items() if name not in questions}
    return decide(edition, Answers.read(edition.questionnaire, kept), evidence)


def words_found(words: Iterable[str], material: LetterMaterial) -> tuple[str, ...]:
    """Those of these words that stand in what people wrote for this letter, in their order.

    Longer words that begin with one count, too. Free text cannot be left out by rule: somebody
    has to read it.
    """
    return mentioned(words, " ".join(_texts(material)))


def mentioned(words: Iterable[str], text: str) -> tuple[str, ...]:
    """Those of these words with which a word of the text begins, in their order."""
    written = folded(text)
    return tuple(word for word in words if re.search(rf"\b{re.escape(folded(word))}", written))


def _texts(material: LetterMaterial) -> Iterator[str]:
    parts = (
        *(material.facts, material.history, material.plan, material.follow_up),
        *(material.issue, material.recipient.copies),
    )
    for part in parts:
        if part is not None:
            yield from _texts_in(part)


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Frozen):
        for field in type(value).model_fields:
            yield from _texts_in(getattr(value, field))
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts_in(one)
