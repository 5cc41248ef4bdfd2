"""The part of the letter about the options: what was considered, and what is uncertain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from decisions.documents.letter.blocks import Block, Paragraph, Table
from decisions.documents.letter.not_known import facts_not_known, said_not_known
from decisions.documents.letter.phrasing import (
    Sayings,
    Sources,
    end_sentence,
    say_date,
    sentence,
)
from decisions.rules.engine.held_open import held_open_by
from decisions.rules.engine.outcomes import (
    BEFORE_ACT_FIRST,
    Finding,
    OptionOutcome,
    ShownAs,
    Verdict,
)
from decisions.rules.engine.result_words import FIRST_COURSE, NONE_NOW
from decisions.rules.engine.rules import HALVES, OptionId

NAMED_IN_A_CELL = 5
"""More open questions than these are counted in the table and named below it."""


def options_block(sayings: Sayings, sources: Sources) -> Block:
    """All four options in their fixed order, each with finding, for and against, and who says so.

    The sources of what is asked for are numbered first: a letter names only some.
    """
    outcome, words = sayings.material.decided.outcome, sayings.words
    first = [one.option for one in asked_options(sayings)]
    by_option = {
        option: _row(sayings, sources, outcome.options[option])
        for option in dict.fromkeys((*first, *OptionId))
    }
    rows = [by_option[option] for option in OptionId]
    rows.append(
        (
            words.options[NONE_NOW],
            words.none_now_finding,
            words.none_now_for,
            words.none_now_against,
        )
    )
    decided = sayings.material.decided
    made_by = words.page.say(
        "made_by",
        edition=outcome.edition,
        release=outcome.evidence_release,
        decision=decided.number,
        day=say_date(decided.recorded_on),
    )
    table = Table(columns=words.columns["options"], rows=tuple(rows))
    return sayings.block("options", Paragraph(text=made_by), table=table)


def stricter_blocks(sayings: Sayings) -> Iterator[Block]:
    """What a later edition holds back, on page one; nothing where there is none."""
    if said := tuple(_stricter(sayings)):
        yield sayings.block("stricter", *said)


def _stricter(sayings: Sayings) -> Iterator[Paragraph]:
    """What a later edition holds back, and why the signer writes on the older one all the same."""
    found, words = sayings.material.stricter, sayings.words.stricter
    if found is None:
        return
    verdicts = "; ".join(
        words["option"].format(
            option=option_name(sayings, option),
            verdict=sayings.words.result.shown_as[ShownAs(verdict)],
        )
        for option, verdict in found.verdicts
    )
    said = [words["said"].format(edition=found.edition, day=say_date(found.released_on))]
    said += [words["verdicts"].format(verdicts=verdicts)] if verdicts else []
    said += [words["act_first"].format(because=one) for one in found.urgent]
    yield Paragraph(text=" ".join(said), strong=True)
    because = words["because"].format(
        edition=sayings.material.decided.outcome.edition,
        because=sayings.fact(sayings.material.plan.stricter_because),
    )
    yield Paragraph(text=end_sentence(because), own_words=True)


def _row(sayings: Sayings, sources: Sources, one: OptionOutcome) -> tuple[str, ...]:
    words = sayings.words
    return (
        option_name(sayings, one.option),
        _finding(sayings, sources, one),
        sentence(sayings.phrases(one.favour, sources)) or words.no_reason_for,
        sentence(_against(sayings, sources, one)),
    )


def _against(sayings: Sayings, sources: Sources, one: OptionOutcome) -> str:
    """The reasons against. What its finding says is named once more, not repeated: an empty cell
    would read as safe.

    Without those that hold the option back: they are in its finding, too.
    """
    barring = {finding.rule for finding in one.bars}
    against = [finding for finding in one.against if finding.rule not in barring]
    said = sayings.phrases(against, sources)
    if one.stops or one.reviews:
        page = sayings.words.page
        return page.say("as_found_and", words=said) if said else page.sentences["as_found"]
    if not said and barring:
        return sayings.words.only_held_back
    return said or sayings.words.no_reason_against


def option_name(sayings: Sayings, option: OptionId) -> str:
    """The name of an option; with no earlier course, TMS is a first course."""
    first = option is OptionId.REPEAT_TMS and sayings.material.decided.outcome.first_course
    return sayings.words.options[FIRST_COURSE if first else option]


def _finding(sayings: Sayings, sources: Sources, one: OptionOutcome) -> str:
    """The verdict, what stands in the way, and how it stands to leading."""
    parts = [_verdict(sayings, one), *_in_the_way(sayings, sources, one), *_leading(sayings, one)]
    return ". ".join(sentence(part) for part in parts)


def _verdict(sayings: Sayings, one: OptionOutcome) -> str:
    """Its verdict or the act-first step; that it would lead follows what stands in the way."""
    shown_as = sayings.material.decided.outcome.shown_as(one.option)
    if shown_as is ShownAs.ACT_FIRST:
        return sayings.words.page.sentences["see_act_first"]
    if shown_as is ShownAs.WOULD_LEAD:
        shown_as = ShownAs(one.verdict)
    return sayings.words.result.shown_as[shown_as]


def _in_the_way(sayings: Sayings, sources: Sources, one: OptionOutcome) -> Iterator[str]:
    if own := _own_obstacles(sayings, one):
        yield sayings.phrases(own, sources)
    if one.bars:
        yield f"{sayings.words.held_back}: {sayings.phrases(one.bars, sources)}"
    elif one.is_held_open and one.verdict not in BEFORE_ACT_FIRST:
        yield f"{sayings.words.held_back}: {_held_open(sayings, one)}"
    if one.verdict is Verdict.MORE_INFORMATION:
        yield _waits_for(sayings, one)


def _own_obstacles(sayings: Sayings, one: OptionOutcome) -> tuple[Finding, ...]:
    """Its stops and reviews; of those of both at once, the ones that no row above has said.

    All of them are among what speaks against it.
    """
    every = (*one.stops, *one.reviews)
    if one.option is not OptionId.BOTH:
        return every
    halves = [sayings.material.decided.outcome.options[half] for half in HALVES]
    said = {finding.rule for half in halves for finding in (*half.stops, *half.reviews)}
    return tuple(finding for finding in every if finding.rule not in said)


def _held_open(sayings: Sayings, one: OptionOutcome) -> str:
    """What holds an option back as long as it is open, apart from what was asked and not known."""
    held, words = held_open_by(one, sayings.material.decided.in_words), sayings.words
    said = ((words.not_asked_yet, held.not_asked), (words.not_known, held.not_known))
    return "; ".join(f"{word}: {sayings.short_names(names)}" for word, names in said if names)


def _waits_for(sayings: Sayings, one: OptionOutcome) -> str:
    """What an option waits for: by name, or how many where a cell would grow too long."""
    waits = {question for pending in one.pending for question in pending.waits_for}
    ordered = [question for question in sayings.names if question in waits]
    if waits <= set(sayings.material.left_out):
        return sayings.words.waits_for_left_out
    if len(waits) > NAMED_IN_A_CELL:
        return sayings.words.waits_for_many.format(count=len(waits))
    return sayings.words.waits_for.format(questions=sayings.short_names(ordered))


def _leading(sayings: Sayings, one: OptionOutcome) -> Iterator[str]:
    words = sayings.words
    if one.would_lead:
        yield words.result.shown_as[ShownAs.WOULD_LEAD]
    elif one.leads and one.pending_bars:
        yield words.leads_so_far
    elif one.leads and one.option is OptionId.BOTH and one.verdict is Verdict.REASONABLE:
        yield words.unproven
    elif one.option is OptionId.BOTH:
        yield words.experimental


def uncertain_block(sayings: Sayings, *, are_facts_said: bool) -> Block:
    """What is not known: of the evidence, of the answers that matter, and of the facts.

    are_facts_said: whether page one names everything that is not known.
    """
    doubts = [*_open_doubts(sayings), *([] if are_facts_said else _facts_not_known(sayings))]
    paragraphs = (
        Paragraph(text=" ".join(_evidence_doubts(sayings))),
        Paragraph(text=" ".join(doubts)),
    )
    return sayings.block("uncertain", *(one for one in paragraphs if one.text))


def asked_options(sayings: Sayings) -> tuple[OptionOutcome, ...]:
    """The options that the request is about; all of them where it names none or both."""
    outcome, option = sayings.material.decided.outcome, sayings.material.request.option
    if option in ("ketamine", "repeat_tms"):
        return (outcome.options[OptionId(option)],)
    return tuple(outcome.options[one] for one in OptionId)


def _evidence_doubts(sayings: Sayings) -> Iterator[str]:
    words, request = sayings.words.uncertain, sayings.material.request
    option: str = request.option
    if option == "repeat_tms" and sayings.material.decided.outcome.first_course:
        option = FIRST_COURSE
    if option:
        yield words[option]
    asked = asked_options(sayings)
    reasons = [finding for one in asked for finding in (*one.favour, *one.against)]
    if held_down := _once(finding for finding in reasons if finding.held_down):
        yield words["held_down"].format(reasons=sayings.phrases(held_down))
    if silent := _once(finding for one in asked for finding in one.silent):
        yield words["silent"].format(reasons=sayings.phrases(silent))


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple({finding.rule: finding for finding in findings}.values())


def _open_doubts(sayings: Sayings) -> Iterator[str]:
    words = sayings.words.uncertain
    pending = [one for option in asked_options(sayings) for one in option.pending]
    every = [question for one in pending for question in one.waits_for]
    kept_back = [question for question in every if question in sayings.material.left_out]
    waits = [one for one in every if one not in kept_back and not sayings.is_left(one)]
    if waits:
        yield words["waits"].format(questions=sayings.short_names(waits))
    elif not every:
        yield words["nothing_waits"]
    yield from sayings.left(dict.fromkeys(every))
    if kept_back:
        yield words["left_out"].format(questions=sayings.short_names(kept_back))


def _facts_not_known(sayings: Sayings) -> Iterator[str]:
    waits = {
        one
        for option in asked_options(sayings)
        for each in option.pending
        for one in each.waits_for
    }
    said = {sayings.name(one) for one in waits}
    asked = [one for one in said_not_known(sayings) if one not in said]
    if unknown := [*facts_not_known(sayings), *asked]:
        yield sayings.words.uncertain["facts"].format(facts="; ".join(unknown))
