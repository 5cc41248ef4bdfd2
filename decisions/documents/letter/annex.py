"""The annex of the letter: every fact behind the request, with "not known" in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decisions.documents.letter.blocks import Block, Paragraph, Table
from decisions.documents.letter.consent import consent_block
from decisions.documents.letter.history_tables import (
    allergies_in_words,
    medicines_in_words,
    note_of,
    score_rows,
    tms_table,
    trials_table,
)
from decisions.documents.letter.phrasing import (
    Cited,
    Sayings,
    Sources,
    end_sentence,
    key_of,
    say_date,
    say_short_date,
)
from decisions.rules.engine.answers_in_words import AnswerState
from decisions.rules.engine.edition import Edition
from decisions.rules.engine.outcomes import Citation
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import Instrument, Scores, band_of

SCALES = ("phq9", "gad7")
ANTIDEPRESSANT = "antidepressant_now"
"""The question whether an antidepressant is taken, and its words in the letter."""
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
"""The questions behind the columns of the table of TMS courses."""


def compose_annex(edition: Edition, sayings: Sayings, sources: Sources) -> tuple[Block, ...]:
    """The blocks of the annex in their order. sources: those that the options cite."""
    together = sayings.material.asks_for_two_treatments
    every = (
        _scores(edition, sayings),
        _tms_courses(sayings),
        _trials(sayings),
        _screen(sayings, "tms_safety"),
        _psychiatric(sayings),
        consent_block(sayings),
        _screen(sayings, "ketamine_safety"),
        _medicines(sayings),
        _wishes(sayings),
        *([_coordination(sayings)] if together else []),
        *([plan] if (plan := sayings.material.printed_plan) else []),
        _sources(sayings, sources),
    )
    order = sayings.words.annex_of[sayings.material.reader]
    needed = [block for block in every if block.id in order]
    return tuple(sorted(needed, key=lambda block: order.index(block.id)))


def _block(sayings: Sayings, block_id: str, *texts: str, table: Table | None = None) -> Block:
    return Block(
        id=block_id,
        heading=sayings.words.headings[block_id],
        paragraphs=tuple(Paragraph(text=text) for text in texts),
        table=table,
    )


def _scores(edition: Edition, sayings: Sayings) -> Block:
    answers = Answers.read(edition.questionnaire, sayings.material.decided.answers)
    words, rows = sayings.words.annex, []
    for scale in SCALES:
        rows.append(_score_row(edition, sayings, answers, scale))
    item9 = sayings.item9()
    score = (
        words["item9_score"].format(item9=item9)
        if item9 is not None
        else sayings.words.not_assessed
    )
    rows.insert(1, (_short_day(sayings, "phq9"), words["item9"], score, words["no_band"]))
    earlier = tuple(score_rows(sayings))
    table = Table(columns=sayings.words.columns["scores"], rows=(*rows, *earlier))
    noted = sayings.material.facts.earlier_scores
    if earlier and not noted:
        return _block(sayings, "scores", table=table)
    said = words["earlier_scores"].format(words=sayings.fact(noted))
    return _block(sayings, "scores", said, table=table)


def _score_row(edition: Edition, sayings: Sayings, answers: Answers, scale: str) -> tuple[str, ...]:
    question = edition.questionnaire.question(scale)
    value, instrument = answers.get(scale), question.instrument
    score, band = sayings.answer(scale), sayings.words.annex["no_band"]
    if isinstance(value, Scores) and instrument is not None:
        score, band = _score_and_band(instrument, value, sayings)
    return (_short_day(sayings, scale), sayings.names[scale], score, band)


def _score_and_band(instrument: Instrument, scores: Scores, sayings: Sayings) -> tuple[str, str]:
    if scores.total is None:
        return sayings.answer(instrument.id), sayings.words.annex["band_incomplete"]
    band = band_of(instrument, scores.total).label
    return sayings.answer(instrument.id).partition(",")[0], band


def _short_day(sayings: Sayings, question: str) -> str:
    day = sayings.material.decided.assessed_on.get(question)
    return say_short_date(day) if day else sayings.words.not_known


def _tms_courses(sayings: Sayings) -> Block:
    words, facts = sayings.words.annex, sayings.material.facts
    if sayings.material.decided.outcome.first_course:
        return _block(sayings, "tms_courses", words["no_tms"])
    if sayings.material.history.tms_courses:
        noted = note_of(sayings, facts.tms_details)
        said = (_tms_as_answered(sayings), *([noted] if noted else []))
        return _block(sayings, "tms_courses", *said, table=tms_table(sayings))
    row = tuple(sayings.answer(question) for question in TMS_COLUMNS)
    table = Table(columns=sayings.words.columns["tms_courses"], rows=(row,))
    details = words["tms_details"].format(words=sayings.fact(facts.tms_details))
    return _block(sayings, "tms_courses", details, table=table)


def _tms_as_answered(sayings: Sayings) -> str:
    """What the questionnaire asked of earlier TMS, on one line."""
    names = ("courses", "coil", "sessions", "best", "last", "months", "tolerated", "seizure")
    answers = {
        name: sayings.answer(question) for name, question in zip(names, TMS_COLUMNS, strict=True)
    }
    return sayings.words.history.sentences["tms_as_answered"].format(**answers)


def _trials(sayings: Sayings) -> Block:
    """The trials as written, one a line; then what the questionnaire asked."""
    words, columns = sayings.words, sayings.words.columns["trials"]
    lines = [line for line in sayings.material.facts.trials.split("\n") if line.strip()]
    rows = [_cells(line, len(columns), words.not_known) for line in lines]
    asked = words.annex["treatments_asked"].format(
        trials=sayings.answer("antidepressant_trials"),
        ketamine=sayings.answer("ketamine_history"),
        ect=sayings.answer("ect_history"),
        day=_short_day(sayings, "antidepressant_trials"),
    )
    history = sayings.material.history
    if history.trials or history.others:
        noted = note_of(sayings, sayings.material.facts.trials)
        said = (asked, *([noted] if noted else []))
        return _block(sayings, "trials", *said, table=trials_table(sayings))
    table = Table(columns=columns, rows=tuple(rows or [(words.not_known,) * len(columns)]))
    return _block(sayings, "trials", asked, table=table)


def _cells(line: str, columns: int, empty: str) -> tuple[str, ...]:
    """The cells of one line, as many as there are columns; what is too much joins the last."""
    cells = [cell.strip() for cell in line.split(";", columns - 1)]
    cells += [""] * (columns - len(cells))
    return tuple(cell or empty for cell in cells)


def _screen(sayings: Sayings, block_id: str) -> Block:
    """A safety screen: each item with its answer; the day once, where all have the same."""
    questions = tuple(_printed_rows(sayings, screen_of(sayings, block_id)))
    days = {_short_day(sayings, question) for question in questions if _is_dated(sayings, question)}
    rows = tuple(
        (sayings.names[question], _dated_answer(sayings, question, show_day=len(days) > 1))
        for question in questions
    )
    columns = sayings.words.columns["items" if len(days) != 1 else "items_on"]
    said = tuple(column.format(day="".join(days)) for column in columns)
    return _block(sayings, block_id, table=Table(columns=said, rows=rows))


def screen_of(sayings: Sayings, block_id: str) -> tuple[str, ...]:
    """The questions of a screen; alone in its letter it holds what the other one would say, too."""
    words = sayings.words
    printed = words.annex_of[sayings.material.reader]
    is_alone = sum(screen in printed for screen in words.alone) == 1
    return words.blocks[block_id] + (words.alone[block_id] if is_alone else ())


def _printed_rows(sayings: Sayings, questions: tuple[str, ...]) -> Iterator[str]:
    """All but a follow-up that was not asked: the answer that it would follow says the same."""
    for question in questions:
        is_asked = sayings.state(question) is not AnswerState.NOT_ASKED
        if is_asked or question not in sayings.words.follow_ups:
            yield question


def _is_dated(sayings: Sayings, question: str) -> bool:
    asked = sayings.answer(question) != sayings.words.does_not_apply
    return asked and question in sayings.material.decided.assessed_on


def _dated_answer(sayings: Sayings, question: str, *, show_day: bool) -> str:
    answer = sayings.answer(question)
    if show_day and _is_dated(sayings, question):
        return f"{answer} ({_short_day(sayings, question)})"
    return answer


def _psychiatric(sayings: Sayings) -> Block:
    words = sayings.words
    rows = [(sayings.names[one], sayings.answer(one)) for one in words.blocks["psychiatric"]]
    rows += _ticked(sayings)
    for field, name in words.asked_elsewhere.items():
        rows.append((name, sayings.yes_no(getattr(sayings.material.facts, field))))
    table = Table(columns=words.columns["items"], rows=tuple(rows))
    return _block(sayings, "psychiatric", table=table)


def _ticked(sayings: Sayings) -> Iterator[tuple[str, str]]:
    """Conditions ticked in one question: yes or no each, or the one word for all of them."""
    words, raw = sayings.words, sayings.material.decided.answers.get("comorbidities")
    for value, name in words.ticked.items():
        if isinstance(raw, list | tuple):
            yield name, words.yes_word if value in raw else words.no_word
        else:
            yield name, sayings.answer("comorbidities")


def _medicines(sayings: Sayings) -> Block:
    facts, words = sayings.material.facts, sayings.words.annex
    texts: Mapping[str, str] = {
        "medicines": medicines_in_words(sayings),
        "medicines_asked": sayings.answer("medicines"),
        **_antidepressant(sayings),
        "allergies": allergies_in_words(sayings),
        "medical": sayings.fact(facts.medical),
        "emergency": sayings.fact(facts.emergency_contact),
    }
    said = [words[name].format(words=end_sentence(text)) for name, text in texts.items()]
    if facts.other:
        said.append(words["other"].format(words=end_sentence(sayings.fact(facts.other))))
    return _block(sayings, "medicines", *said)


def _antidepressant(sayings: Sayings) -> Mapping[str, str]:
    """Whether an antidepressant is taken, in editions that ask it."""
    if ANTIDEPRESSANT not in sayings.words.annex:
        return {}
    return {ANTIDEPRESSANT: sayings.answer(ANTIDEPRESSANT)}


def _wishes(sayings: Sayings) -> Block:
    """What the patient hopes for, was told and was given to read (L-15)."""
    facts, words = sayings.material.facts, sayings.words.annex
    given = sayings.fact(facts.sheet_given)
    if facts.sheet_given_on is not None:
        given = words["sheet_on"].format(words=given, day=say_date(facts.sheet_given_on))
    return _block(
        sayings,
        "wishes",
        words["goals"].format(words=end_sentence(sayings.fact(facts.goals))),
        words["told"].format(words=end_sentence(sayings.fact(facts.told))),
        words["sheet"].format(words=end_sentence(given)),
    )


def _coordination(sayings: Sayings) -> Block:
    words = sayings.words.asked
    return _block(sayings, "coordination", f"{words['tells']} {words['stop_rules']}")


def _sources(sayings: Sayings, sources: Sources) -> Block:
    cited = enumerate(sources.numbered.values(), start=1)
    said = [
        f"{number} {_source(sayings, one)}{sayings.ended([key_of(one)])}." for number, one in cited
    ]
    return _block(sayings, "sources", " ".join(said) or sayings.words.annex["sources_none"])


def _source(sayings: Sayings, cited: Cited) -> str:
    words = sayings.words
    if isinstance(cited, Citation):
        certainty = words.certainty[cited.certainty or "none"]
    else:
        certainty = words.certainty["position"]
    return words.annex["source"].format(
        label=cited.label, certainty=certainty, verified=words.verified[cited.verified]
    )
