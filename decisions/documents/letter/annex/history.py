"""Treatment history in the annex: tables of rows. What nobody knows is a dash, and is said once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from decisions.documents.letter.blocks import Block, Paragraph, Table
from decisions.documents.letter.history_tables import note_of, tms_row
from decisions.documents.letter.page_one.trials import in_this_episode
from decisions.documents.letter.partial_date import say_partial
from decisions.documents.letter.phrasing import Sayings
from decisions.documents.letter.treatment_history import DrugTrial, Medicine, OtherTreatment

UNKNOWN = "–"
NAMES = 1
"""Columns that name a row: they stay, whatever else is not known."""

TMS_COLUMNS = (
    "tms_courses",
    "tms_last_device",
    "tms_last_sessions",
    "tms_best_response",
    "tms_last_response",
    "tms_benefit_months",
    "tms_tolerability",
    "tms_seizure",
)
"""The questions behind what was answered about earlier TMS."""

Row = tuple[str, ...]


def _table_block(
    sayings: Sayings, block_id: str, columns: Sequence[str], rows: Sequence[Row], *notes: str
) -> Block:
    """A table without the columns of which nothing is known; those are named below it."""
    page = sayings.words.page
    known = [
        place for place in range(len(columns)) if place < NAMES or any(row[place] for row in rows)
    ]
    table = Table(
        columns=tuple(columns[place] for place in known),
        rows=tuple(tuple(row[place] or UNKNOWN for place in known) for row in rows),
    )
    said = []
    if any(UNKNOWN in row for row in table.rows):
        said.append(page.sentences["unknown_cells"])
    if gone := [name.lower() for place, name in enumerate(columns) if place not in known]:
        said.append(page.say("unknown_columns", names="; ".join(gone)))
    texts = [*([" ".join(said)] if said else []), *filter(None, notes)]
    return sayings.block(block_id, *(Paragraph(text=one) for one in texts), table=table)


def tms_block(sayings: Sayings) -> Block:
    """Every course, for every reader, and what the questionnaire asked of TMS."""
    words, facts = sayings.words, sayings.material.facts
    if sayings.material.decided.outcome.first_course:
        return sayings.block("tms_courses", Paragraph(text=words.annex["no_tms"]))
    courses = sayings.material.history.tms_courses
    if courses:
        rows = [tms_row(sayings, one) for one in courses]
        columns = words.history.columns["tms_courses"]
        noted = note_of(sayings, facts.tms_details) or ""
        return _table_block(sayings, "tms_courses", columns, rows, _tms_as_answered(sayings), noted)
    details = facts.tms_details
    noted = words.annex["tms_details"].format(words=sayings.fact(details)) if details else ""
    texts = filter(None, (_tms_as_answered(sayings), noted))
    return sayings.block("tms_courses", *(Paragraph(text=one) for one in texts))


def _tms_as_answered(sayings: Sayings) -> str:
    """What the questionnaire asked of earlier TMS, in one line; what is not known, in another."""
    page = sayings.words.page
    known = [one for one in TMS_COLUMNS if sayings.is_answered(one)]
    said = [page.say("item", name=sayings.name(one), answer=sayings.answer(one)) for one in known]
    unsaid = (sayings.words.not_known, sayings.words.not_assessed)
    unknown = [
        sayings.name(one)
        for one in TMS_COLUMNS
        if one not in known and sayings.answer(one) in unsaid
    ]
    said = [page.say("answered", words="; ".join(said))] if said else []
    said += [page.say("not_known_list", names="; ".join(unknown))] if unknown else []
    return " ".join(said)


def trials_blocks(sayings: Sayings) -> Iterator[Block]:
    """Those of this episode, and those before it; each without a row has no table."""
    trials, written = sayings.material.history.trials, sayings.material.facts.trials
    here = [one for one in trials if in_this_episode(sayings, one)]
    earlier = [one for one in trials if one not in here]
    asked = sayings.words.page.say("trials_asked", words=sayings.answer("antidepressant_trials"))
    columns = sayings.words.page.columns["trials"]
    if here:
        noted = note_of(sayings, written) or ""
        rows = [_trial(sayings, one) for one in here]
        yield _table_block(sayings, "trials", columns, rows, asked, noted)
    else:
        yield _trials_as_written(sayings, asked)
    if earlier:
        rows = [_trial(sayings, one) for one in earlier]
        yield _table_block(sayings, "earlier_trials", columns, rows)


def _trials_as_written(sayings: Sayings, asked: str) -> Block:
    """The older text, one line a trial, cells parted by semicolons."""
    lines = [one for one in sayings.material.facts.trials.split("\n") if one.strip()]
    texts = [asked, *([sayings.fact("\n".join(lines))] if lines else [])]
    return sayings.block("trials", *(Paragraph(text=one) for one in texts))


def _trial(sayings: Sayings, one: DrugTrial) -> Row:
    words = sayings.words.history
    kind = words.say("classes", one.drug_class, "")
    drug = words.sentences["drug"].format(drug=one.drug, drug_class=kind) if kind else one.drug
    scale = words.say("scales", one.scale, "")
    return (
        drug,
        one.highest_dose,
        _day(one.started),
        _day(one.ended),
        _count(one.weeks),
        words.say("adherence", one.adherence, ""),
        f"{scale} {one.score_before}".strip() if one.score_before is not None else "",
        f"{scale} {one.score_after}".strip() if one.score_after is not None else "",
        words.say("results", one.result, ""),
        one.why_stopped,
        words.say("sources", one.source, ""),
    )


def others_block(sayings: Sayings) -> Iterator[Block]:
    """ECT, ketamine and psychotherapy: the rows, and what was answered of them."""
    others, page = sayings.material.history.others, sayings.words.page
    answered = " ".join(
        page.say(name, words=sayings.answer(f"{name}_history")) for name in ("ketamine", "ect")
    )
    if not others:
        yield sayings.block("others", Paragraph(text=answered))
        return
    rows = [_other(sayings, one) for one in others]
    said = page.say("answered", words=answered.rstrip("."))
    yield _table_block(sayings, "others", page.columns["others"], rows, said)


def _other(sayings: Sayings, one: OtherTreatment) -> Row:
    words = sayings.words.history
    return (
        words.say("kinds", one.kind, ""),
        one.details,
        _count(one.number),
        _day(one.started),
        _day(one.ended),
        words.say("results", one.result, ""),
        one.why_stopped,
        words.say("sources", one.source, ""),
    )


def medicines_table_block(sayings: Sayings) -> Iterator[Block]:
    """Every medicine of now. Without rows there is no table: page one says what is known."""
    medicines = sayings.material.history.medicines
    if not medicines:
        return
    rows = [_medicine(one) for one in medicines]
    noted = note_of(sayings, sayings.material.facts.medicines) or ""
    columns = sayings.words.page.columns["medicines"]
    yield _table_block(sayings, "medicines", columns, rows, noted)


def _medicine(one: Medicine) -> Row:
    return (one.name, one.dose, one.route, one.frequency, _day(one.since))


def _day(written: str) -> str:
    return say_partial(written) if written else ""


def _count(count: int | None) -> str:
    return "" if count is None else str(count)
