"""{% load questions %}{% question view %}: a question on the page of its section."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from decisions.cases.section.drawn_question import drawn_question, drawn_status
from decisions.cases.section.question_view import QuestionView

register = template.Library()


@register.simple_tag(takes_context=True)
def question(context: Context, view: QuestionView, *, oob: bool = False) -> SafeString:
    """oob: sent after a save, to take the place of the one on the page."""
    return drawn_question(context, view, is_sent=oob)


@register.simple_tag(takes_context=True)
def question_status(context: Context, view: QuestionView, has_new_day: object) -> SafeString:
    """How a question stands after a save. has_new_day: its day is another than the page shows."""
    return drawn_status(context, view, has_new_day=bool(has_new_day))
