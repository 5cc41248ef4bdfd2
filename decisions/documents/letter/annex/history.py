"""Treatment history in the annex: tables of rows. What nobody knows is a dash, and is said once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from decisions.documents.letter.blocks import Block, Paragraph, Table
from decisions.documents.letter.history_tables import note_of, tms_row
from decisions.documents.letter.page_one.treatment import KINDS_OF, earlier_in_words
from decisions.documents.letter.page_one.trials import in_this_episode
from decisions.documents.letter.page_one.why import by_start
from decisions.documents.letter.partial_date import say_partial
from decisions.documents.letter.phrasing import Sayings, mid_sentence
from decisions.documents.letter.treatment_history import DrugTrial, Medicine, OtherTreatment

UNKNOWN = "–"
NAMES = 1
"""Columns that name a row: they stay, whatever else is not known."""

Row = tuple[str, ...]


def _table_block(
    sayings: Sayings, block_id: str, columns: Sequence[str], rows: Sequence[Row], *notes: str
) -> Block:
    """A table without the columns of which nothing is known; those are named below it."""
    page = sayings.words.page
    known = [
        place for place in range(len(columns)) if place < NAMES or any(row[place] for row in rows)
    ]
    same = [place for place in known if columns[place] in page.said_once and _agree(rows, place)]
    shown = [place for place in known if place not in same]
    table = Table(
        columns=tuple(columns[place] for place in shown),
        rows=tuple(tuple(row[place] or UNKNOWN for place in shown) for row in rows),
    )
    said = []
    if in_all := [f"{columns[place].lower()}: {rows[0][place]}" for place in same]:
        said.append(page.say("same_for_all", words="; ".join(in_all)))
    if any(UNKNOWN in row for row in table.rows):
        said.append(page.sentences["unknown_cells"])
    names = page.column_names
    if gone := [names.get(one, one.lower()) for at, one in enumerate(columns) if at not in known]:
        said.append(page.say("unknown_columns", names="; ".join(gone)))
    texts = [*([" ".join(said)] if said else []), *filter(None, notes)]
    return sayings.block(block_id, *(Paragraph(text=one) for one in texts), table=table)


def _agree(rows: Sequence[Row], place: int) -> bool:
    return len(rows) > 1 and len({row[place] for row in rows}) == 1


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
    page, rows = sayings.words.page, {*_said_by_rows(sayings)}
    asked = [one for one in page.tms_answered if one not in rows]
    known = [one for one in asked if sayings.is_answered(one)]
    said = [page.tms_answered[one].format(words=sayings.answer(one)) for one in known]
    unsaid = (sayings.words.not_known, sayings.words.not_assessed)
    unknown = [
        sayings.name(one) for one in asked if one not in known and sayings.answer(one) in unsaid
    ]
    said = [page.say("answered", words="; ".join(said))] if said else []
    said += [page.say("not_known_list", names="; ".join(unknown))] if unknown else []
    return " ".join(said)


def _said_by_rows(sayings: Sayings) -> Iterator[str]:
    """The answers on TMS that the table of courses says, too."""
    courses, answers = sayings.material.history.tms_courses, sayings.material.decided.answers
    if answers.get("tms_courses") == len(courses):
        yield "tms_courses"
    if courses and answers.get("tms_last_sessions") == by_start(courses)[-1].sessions:
        yield "tms_last_sessions"


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
        _scores(scale, one),
        words.say("results", one.result, ""),
        one.why_stopped,
        words.say("sources", one.source, ""),
    )


def _scores(scale: str, one: DrugTrial) -> str:
    if one.score_before is None and one.score_after is None:
        return ""
    before, after = (_count(score) or UNKNOWN for score in (one.score_before, one.score_after))
    return f"{scale} {before}, {after}".strip()


def others_block(sayings: Sayings) -> Iterator[Block]:
    """ECT, ketamine and psychotherapy: the rows, and what was answered of them."""
    others, page = sayings.material.history.others, sayings.words.page
    listed = {one.kind for one in others}
    answered = [
        earlier_in_words(sayings, name)
        for name, kinds in KINDS_OF.items()
        # A row says more than that it is not known.
        if sayings.is_answered(f"{name}_history") or not listed & set(kinds)
    ]
    if not others:
        yield sayings.block("others", Paragraph(text=" ".join(answered)))
        return
    rows = [_other(sayings, one) for one in others]
    in_one = "; ".join(mid_sentence(one.rstrip(".")) for one in answered)
    said = page.say("answered", words=in_one) if in_one else ""
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
    return say_partial(written, short=True) if written else ""


def _count(count: int | None) -> str:
    return "" if count is None else str(count)
