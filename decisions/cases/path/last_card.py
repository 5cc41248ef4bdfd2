"""The end of the short path: what is left, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from decisions.cases.path.cards import back_from
from decisions.cases.path.leaving import left_to
from decisions.cases.path.presenters import Path
from decisions.cases.question_links import QuestionLink
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.answer_values import UNKNOWN
from decisions.rules.sensitivity.short_path import open_for


@dataclass(frozen=True)
class Group:
    """What one reader clears: what is open, each with its card, and what was left to them."""

    who: str
    name: str
    open: tuple[QuestionLink, ...]
    left: tuple[str, ...]
    ask_url: str


@dataclass(frozen=True)
class LastCard:
    """What is left, and for whom."""

    path: Path
    groups: tuple[Group, ...]
    not_known: tuple[str, ...]
    """What was asked, is not known, and can still change who leads."""
    back_url: str

    @property
    def open_groups(self) -> tuple[Group, ...]:
        """Those with something to leave."""
        return tuple(one for one in self.groups if one.open)

    @property
    def open_count(self) -> int:
        """How much can be left to all of them."""
        return sum(len(one.open) for one in self.groups)

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is missing can change who leads."""
        return self.path.way.robustness.settled


def present_last_card(path: Path) -> LastCard:
    """The end of the path."""
    file = path.file
    names, answers = question_names(file.edition.id), file.answers
    groups = (
        Group(
            who=who,
            name=cleared.name,
            open=tuple(
                QuestionLink(one.id, names[one.id], Path(file, "").url(one.id))
                for one in open_for(answers, who)
            ),
            left=tuple(names[one.id] for one in left_to(file, who)),
            ask_url=Path(file, who).url(),
        )
        for who, cleared in file.edition.short_path.cleared_by.items()
    )
    return LastCard(
        path=path,
        groups=tuple(one for one in groups if one.open or one.left),
        not_known=tuple(
            names[name]
            for name in path.way.robustness.depends_on
            if answers.get(name) is UNKNOWN and name not in answers.left
        ),
        back_url=back_from(path, ()),
    )
