"""Which answers count under an edition that asked them otherwise, or did not ask them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from decisions.rules.engine.edition_changes import answers_taken, lists_with_more, values_split
from decisions.rules.loading import edition_ids, load_edition


def counts_under(edition_id: str, question_id: str, raw: object, *, asked_by: str) -> bool:
    """Whether an answer counts under an edition. asked_by: the edition under which it was given.

    One that the edition does not take counts for nothing; nor does a list to which it has added,
    as nobody asked for what was added, or a value that it has split.
    """
    if asked_by == edition_id:
        return True
    if isinstance(raw, list) and question_id in more_asked(asked_by, edition_id):
        return False
    if isinstance(raw, str) and raw in split_since(asked_by, edition_id).get(question_id, ()):
        return False
    return bool(answers_taken(load_edition(edition_id).questionnaire, {question_id: raw}))


@cache
def more_asked(asked_by: str, edition_id: str) -> frozenset[str]:
    """The questions of whose possible answers one edition has more than the other.

    All that take several where the edition that asked is not here.
    """
    after = load_edition(edition_id).questionnaire
    if asked_by not in edition_ids():
        return frozenset(one.id for one in after.questions)
    return lists_with_more(load_edition(asked_by).questionnaire, after)


@cache
def split_since(asked_by: str, edition_id: str) -> Mapping[str, frozenset[str]]:
    """Question -> values that the later edition has split; none where the other is not here."""
    if asked_by not in edition_ids():
        return {}
    before, after = load_edition(asked_by), load_edition(edition_id)
    return values_split(before.questionnaire, after.questionnaire)


def counting(edition_id: str, answers: Mapping[str, object], *, asked_by: str) -> dict[str, object]:
    """Those of some answers of one edition that count under another."""
    return {
        name: raw
        for name, raw in answers.items()
        if counts_under(edition_id, name, raw, asked_by=asked_by)
    }
