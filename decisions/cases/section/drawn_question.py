"""A question as the page of its section draws it: once for its edition, and what differs by case is
put in each time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from decisions.cases.section.question_view import QuestionView
from decisions.cases.section.shown import CHECKED, Control, Controls
from decisions.rules.engine.edition import Edition
from decisions.rules.question_names import question_names
from decisions.rules.questionnaire.questionnaire import Question, QuestionType
from kapnet.core.web.kept_parts import Pieces, in_pieces, place, put_in

OF_VIEW = (
    *("url", "problem", "proposed_words", "listed_url", "offered", "earlier"),
    *("why", "waits", "assessed", "day", "today", "undo", "undo_words"),
)
OF_STATUS = ("url", "problem", "assessed", "day", "today", "undo", "undo_words")
"""The texts that a view gives by these names. Those of its controls and of the rest go beside."""
WHOLE, STATUS = "decisions/_question.html", "decisions/_question_status.html"


class _State(NamedTuple):
    """All that a template may ask of a case. filled: the texts that are not empty."""

    is_asked: bool
    is_answered: bool = False
    is_left: bool = False
    is_sent: bool = False
    has_new_day: bool = False
    filled: tuple[str, ...] = ()


def drawn_question(context: Context, view: QuestionView, *, is_sent: bool) -> SafeString:
    """The element of a question, empty while it is not asked. context: that of the page.

    is_sent: after a save, to take the place of the one on the page.
    """
    edition = view.file.edition
    if not view.is_asked:
        blank = _State(is_asked=False, is_sent=is_sent)
        return put_in(_pieces(WHOLE, edition, view.id, blank), {})
    texts = _texts(context, view)
    state = _State(
        is_asked=True,
        is_answered=view.is_answered,
        is_left=view.is_left,
        is_sent=is_sent,
        filled=_filled(texts),
    )
    checked = {_checked(value): mark_safe(CHECKED) for value in view.filled.chosen}  # noqa: S308
    return put_in(_pieces(WHOLE, edition, view.id, state), texts | checked)


def drawn_status(context: Context, view: QuestionView, *, has_new_day: bool) -> SafeString:
    """How a question stands after a save, and the parts of it that a save changes."""
    texts = {
        **{name: getattr(view, name) for name in OF_STATUS},
        "saved": view.saved,
        "token": str(view.token),
        "tally": _part(context, "_tally", view, tally_oob=True) if view.tally else "",
    }
    state = _State(
        is_asked=True,
        is_answered=view.is_answered,
        has_new_day=has_new_day,
        filled=_filled(texts),
    )
    return put_in(_pieces(STATUS, view.file.edition, view.id, state), texts)


def _filled(texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name, text in texts.items() if text)


def _texts(context: Context, view: QuestionView) -> dict[str, str]:
    is_as_stored = not view.problem and not view.conflict
    is_form = view.question.type is QuestionType.INSTRUMENT
    return {
        **{name: getattr(view, name) for name in OF_VIEW},
        "text": view.filled.text,
        "digest": view.offer.digest if view.offer else "",
        "form": _part(context, "_question_instrument", view) if is_form else "",
        "conflict": _part(context, "_conflict", view) if view.conflict else "",
        "saved": view.saved if is_as_stored else "",
        "token": str(view.token),
    }


def _part(context: Context, name: str, view: QuestionView, **more: object) -> SafeString:
    """What is drawn for each case: it says who answered, what they scored and what comes first."""
    with context.push(view=view, **more):
        template: Any = get_template(f"decisions/{name}.html")
        return mark_safe(str(template.template.render(context)))  # noqa: S308, a template drew it


@lru_cache(maxsize=4096)
def _pieces(template: str, edition: Edition, question_id: str, state: _State) -> Pieces:
    question = edition.questionnaire.question(question_id)
    controls = _ControlsOfAnyCase(question, state)
    view = {
        "id": question.id,
        "type": question.type.value,
        "question": question,
        "name": question_names(edition.id)[question.id],
        "is_dated": question.id in edition.short_path.dated,
        "is_listed": question.id in edition.short_path.listed,
        "is_asked": state.is_asked,
        "is_answered": state.is_answered,
        **{name: place(name) for name in state.filled},
        "filled": {"text": place("text") if "text" in state.filled else ""},
        "offer": {"digest": place("digest")},
        "controls": controls.controls,
        "none_of_these": controls.none_of_these,
        "not_known": controls.not_known,
        "left": controls.left,
    }
    around = {"oob": state.is_sent, "has_new_day": state.has_new_day}
    return in_pieces(template, {"view": view, **around})


def _checked(value: str) -> str:
    return f"checked {value}"


class _ControlOfAnyCase(Control):
    """Whether it is checked is put in for each case."""

    @property
    def checked(self) -> str:
        """The place of that."""
        return place(_checked(self.value))


class _ControlsOfAnyCase(Controls):
    def __init__(self, question: Question, state: _State) -> None:
        self.question, self._state = question, state

    @property
    def is_left(self) -> bool:
        return self._state.is_left

    def control(self, value: str, label: str) -> Control:
        return _ControlOfAnyCase(f"{self.question.id}-{value}", value, label, is_checked=False)
