"""{% load edition_words %}: names of options, verdicts and effects as an edition says them.

The edition is that of the page: `edition_words` in its context.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from decisions.documents.words.reading import result_words
from decisions.rules.engine.result_words import ResultWords, effect_in_words
from decisions.rules.engine.result_words import option_name as name_of
from decisions.rules.engine.result_words import options_in_a_sentence as listed
from decisions.rules.engine.rules import Rule

register = template.Library()

Context = Mapping[str, Any]


def _words(context: Context) -> ResultWords:
    words: ResultWords = context["edition_words"]
    return words


@register.simple_tag(takes_context=True)
def option_name(context: Context, option: str, first_course: object = False) -> str:
    """The name of an option. first_course: with no earlier course TMS is a first one."""
    return name_of(_words(context), option, first_course=bool(first_course))


@register.simple_tag(takes_context=True)
def options_in_words(context: Context, options: Iterable[str]) -> str:
    """Options inside a sentence: ketamine, TMS and both at once."""
    return listed(_words(context), options)


@register.simple_tag(takes_context=True)
def plain_verdict(context: Context, verdict: str) -> str:
    """A verdict inside a sentence."""
    return _words(context).verdicts_in_a_sentence[verdict]


@register.simple_tag(takes_context=True)
def effect_of(context: Context, rule: Rule) -> str:
    """What a rule does, and for which options."""
    return effect_in_words(_words(context), rule)


@register.filter
def chosen_of(option: str, edition_id: str) -> str:
    """The name of an option as the edition of a recorded decision says it."""
    return result_words(edition_id).options[option]
