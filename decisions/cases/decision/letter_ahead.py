"""What a letter about this case will need, said before a decision is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from decisions.cases.case_file import CaseFile
from decisions.cases.question_links import link_to
from decisions.documents.letter.loading import load_words
from decisions.documents.letter.needs import answers_needed
from decisions.rules.question_names import question_names


@dataclass(frozen=True)
class Needed:
    """One thing that a letter needs and that is missing, and where it is answered."""

    label: str
    url: str


def needed_for_a_letter(file: CaseFile) -> tuple[Needed, ...]:
    """The missing answers, and the open safety task; nothing where a letter has all of them."""
    words, names = load_words(file.edition.id), question_names(file.edition.id)
    states = {one.question: one.state for one in file.answers_in_words}
    found = [
        Needed(
            words.missing[kind].format(questions="; ".join(names[one] for one in still_open)),
            link_to(file, question, back_to="decision").url,
        )
        for kind, question, still_open in answers_needed(words, file.answers, states)
    ]
    if file.has_open_task:
        task = reverse("cases:safety", args=[file.case.pk])
        found.append(Needed(words.missing["safety_task"], task))
    return tuple(found)


@dataclass(frozen=True)
class Leavable:
    """Open questions that can be left to who clears them. who: the id, name: as it is said."""

    who: str
    name: str
    count: int


def leavable(file: CaseFile) -> tuple[Leavable, ...]:
    """What can be left to others before a letter; nothing while something that comes first is open,
    as on the short path."""
    clears = file.edition.short_path.cleared_by
    return tuple(
        Leavable(who, clears[who].name, len(still_open))
        for who, still_open in file.reckoning.leavable.items()
    )
