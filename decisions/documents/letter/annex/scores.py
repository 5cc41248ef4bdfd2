"""Scores in the annex: those of today, of earlier, and of each course of TMS."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.blocks import Block, Paragraph, Table
from decisions.documents.letter.history_tables import score_rows
from decisions.documents.letter.phrasing import Sayings
from decisions.rules.engine.edition import Edition
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import Instrument, Scores, band_of

SCALES = ("phq9", "gad7")
Row = tuple[str, ...]


def scores_block(edition: Edition, sayings: Sayings) -> Block:
    """When, which scale, the score and its band, where its form has bands."""
    table = Table(columns=sayings.words.columns["scores"], rows=tuple(_rows(edition, sayings)))
    noted = sayings.material.facts.earlier_scores
    if not noted:
        return sayings.block("scores", table=table)
    said = sayings.words.annex["earlier_scores"].format(words=sayings.fact(noted))
    return sayings.block("scores", Paragraph(text=said), table=table)


def _rows(edition: Edition, sayings: Sayings) -> Iterator[Row]:
    answers = Answers.read(edition.questionnaire, sayings.material.decided.answers)
    instruments = {one: edition.questionnaire.question(one).instrument for one in SCALES}
    for scale in SCALES:
        yield _row(sayings, answers, scale, instruments[scale])
    yield from score_rows(sayings, instruments)


def _row(sayings: Sayings, answers: Answers, scale: str, instrument: Instrument | None) -> Row:
    value = answers.get(scale)
    score, band = sayings.answer(scale), sayings.words.annex["no_band"]
    if isinstance(value, Scores) and instrument is not None:
        score, band = _score_and_band(instrument, value, sayings)
    return (sayings.short_day(scale), sayings.names[scale], score, band)


def _score_and_band(instrument: Instrument, scores: Scores, sayings: Sayings) -> tuple[str, str]:
    if scores.total is None:
        return sayings.answer(instrument.id), sayings.words.annex["band_incomplete"]
    band = band_of(instrument, scores.total).label
    return sayings.answer(instrument.id).partition(",")[0], band
