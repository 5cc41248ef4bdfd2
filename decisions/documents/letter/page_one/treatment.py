"""Medicines and allergies of now, and what was tried: one line for each trial."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.blocks import Block, Item, Paragraph
from decisions.documents.letter.page_one.cutting import MOST_TRIALS
from decisions.documents.letter.page_one.trials import in_this_episode
from decisions.documents.letter.page_one.why import is_asked
from decisions.documents.letter.phrasing import Sayings, end_sentence, sentence
from decisions.documents.letter.treatment_history import DrugTrial, OtherTreatment

ANTIDEPRESSANT, TAKEN, NONE, NEVER = "antidepressant_now", "taking", "none", "never"
KINDS_OF = {"ketamine": ("ketamine", "esketamine"), "ect": ("ect",)}
"""Sentence of page one -> the rows that say more than its answer."""


def medicines_block(sayings: Sayings) -> Block:
    """Every medicine with its dose, every allergy with its reaction. Nothing of it is cut."""
    texts = [sentence(end_sentence(_medicines(sayings)))]
    if _names_an_antidepressant(sayings):
        texts += antidepressant_in_words(sayings)
    texts.append(end_sentence(allergies_in_words(sayings)))
    return sayings.block("medicines_now", Paragraph(text=" ".join(texts)))


def _names_an_antidepressant(sayings: Sayings) -> bool:
    """Whether an antidepressant is said by itself: one that is taken is in the list, if any."""
    raw = sayings.material.decided.answers.get(ANTIDEPRESSANT)
    if not is_asked(sayings, ANTIDEPRESSANT) or not isinstance(raw, str) or raw == NONE:
        return False
    is_listed = sayings.material.history.medicines or sayings.material.facts.medicines
    return raw != TAKEN or not is_listed


def antidepressant_in_words(sayings: Sayings) -> Iterator[str]:
    """Whether an antidepressant is taken now, where that was asked."""
    if not is_asked(sayings, ANTIDEPRESSANT):
        return
    said = f"antidepressant_{sayings.material.decided.answers.get(ANTIDEPRESSANT)}"
    is_said = sayings.is_answered(ANTIDEPRESSANT) and said in sayings.words.page.sentences
    words = sayings.answer(ANTIDEPRESSANT)
    yield sayings.words.page.say(said if is_said else "antidepressant", words=words)


def _medicines(sayings: Sayings) -> str:
    history, noted = sayings.material.history, sayings.material.facts.medicines
    said = [
        " ".join(filter(None, (one.name, one.dose, one.route, one.frequency)))
        for one in history.medicines
    ]
    said += [sayings.fact(noted)] if noted else []
    if said:
        return "; ".join(said)
    if "medicines" in history.none_of:
        return sayings.words.page.sentences["no_medicines"]
    if sayings.is_answered("medicines"):
        has_some = bool(sayings.material.decided.answers.get("medicines"))
        sentence_for = "asked_of" if has_some else "asked_of_none"
        return sayings.words.page.say(sentence_for, words=sayings.answer("medicines"))
    return sayings.words.not_known


def allergies_in_words(sayings: Sayings) -> str:
    """A sentence of the allergies, each with what happened; none only where somebody said so."""
    page, history = sayings.words.page, sayings.material.history
    said = []
    for one in history.allergies:
        known = "reaction" if one.reaction else "no_reaction"
        said.append(page.say(known, substance=one.substance, reaction=one.reaction))
    noted = sayings.material.facts.allergies
    said += [sayings.fact(noted)] if noted else []
    if not said and "allergies" in history.none_of:
        return page.sentences["no_allergies"]
    return page.say("allergies", words="; ".join(said) or sayings.words.not_known)


def tried_block(sayings: Sayings) -> Block:
    """How many trials failed, and each in one line: those of this episode first."""
    lines = [*_lines(sayings)]
    items = tuple(Item(text=sentence(one)) for one in lines[:MOST_TRIALS])
    if more := len(lines) - MOST_TRIALS:
        said = sayings.words.page.say("more", count=more)
        items += (Item(text=sayings.words.page.say("and_more", more=said)),) if more > 0 else ()
    counted = " ".join(_counted(sayings))
    if not (counted or items):
        counted = sayings.words.page.sentences["nothing_tried"]
    paragraphs = (Paragraph(text=counted),) if counted else ()
    return sayings.block("tried", *paragraphs, items=items)


def _counted(sayings: Sayings) -> Iterator[str]:
    if sayings.is_answered("antidepressant_trials"):
        raw = sayings.material.decided.answers["antidepressant_trials"]
        yield sayings.words.page.say("trials", count=raw)
    listed = {one.kind for one in sayings.material.history.others}
    for name, kinds in KINDS_OF.items():
        if sayings.is_answered(f"{name}_history") and not listed & set(kinds):
            yield earlier_in_words(sayings, name)


def earlier_in_words(sayings: Sayings, name: str) -> str:
    """What was answered of earlier ketamine or ECT, as a sentence."""
    question, page = f"{name}_history", sayings.words.page
    if sayings.material.decided.answers.get(question) == NEVER:
        return page.sentences[f"{name}_never"]
    return page.say(name, words=sayings.answer(question))


def _lines(sayings: Sayings) -> Iterator[str]:
    history, written = sayings.material.history, sayings.material.facts.trials
    trials = sorted(history.trials, key=lambda one: not in_this_episode(sayings, one))
    # ECT and the like are few, and never the ones that are cut.
    yield from (other_in_words(sayings, one) for one in history.others)
    yield from (trial_in_words(sayings, one) for one in trials)
    if not history.trials:
        yield from (", ".join(_cells(line)) for line in written.split("\n") if line.strip())


def _cells(line: str) -> Iterator[str]:
    return filter(None, (cell.strip() for cell in line.split(";")))


def trial_in_words(sayings: Sayings, one: DrugTrial) -> str:
    """A trial in one line: what is not known of it is left out."""
    page, words = sayings.words.page, sayings.words.history
    weeks = page.say("weeks", count=one.weeks) if one.weeks is not None else ""
    what = " ".join(filter(None, (one.drug, one.highest_dose)))
    adherence = "" if one.adherence == "taken" else words.say("adherence", one.adherence, "")
    what = ", ".join(filter(None, (what, weeks, sayings.between(one.started, one.ended))))
    earlier = "" if in_this_episode(sayings, one) else page.sentences["before_episode"]
    what = ", ".join(filter(None, (what, earlier)))
    ending = _ending(sayings, one)
    result = ", ".join(filter(None, (adherence, ending)))
    return page.say("result", what=what, result=result or page.sentences["unknown_result"])


def other_in_words(sayings: Sayings, one: OtherTreatment) -> str:
    """ECT, psychotherapy or ketamine in one line."""
    page, words = sayings.words.page, sayings.words.history
    number = page.say("sessions", count=one.number) if one.number is not None else ""
    parts = (words.say("kinds", one.kind, ""), one.details, number)
    what = ", ".join(filter(None, (*parts, sayings.between(one.started, one.ended))))
    ending = _ending(sayings, one)
    return page.say("result", what=what, result=ending or page.sentences["unknown_result"])


def _ending(sayings: Sayings, one: DrugTrial | OtherTreatment) -> str:
    """Result and why it was stopped, once where both say the same."""
    result = sayings.words.history.say("results", one.result, "")
    if not result or one.why_stopped in ("", result):
        return result or one.why_stopped
    return sayings.words.page.say("result_and_why", result=result, why=one.why_stopped)
