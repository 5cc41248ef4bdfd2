"""Diagnosis, and why the letter is written now: what TMS did, and when it was lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from decisions.documents.letter.blocks import Block, Paragraph
from decisions.documents.letter.history_tables import doubted
from decisions.documents.letter.page_one.cutting import MOST_COURSES
from decisions.documents.letter.partial_date import say_partial
from decisions.documents.letter.phrasing import Sayings, end_sentence, sentence
from decisions.documents.letter.treatment_history import TmsCourse
from decisions.rules.engine.answers_in_words import AnswerState

UNIPOLAR, DAYS, SAFETY = "mdd", "days", "days_safety"


def diagnosis_block(sayings: Sayings) -> Block:
    """The diagnosis with its code, course and specifier, how severe it is, and since when."""
    page, facts = sayings.words.page, sayings.material.facts
    named = sayings.answer("diagnosis")
    course = _course_by_code(sayings)
    # A specifier that says the course itself needs no second word for it.
    parts = [named, *([course] if course and course not in facts.specifier else [])]
    parts += [facts.specifier] if facts.specifier else []
    said = ", ".join(parts)
    if facts.diagnosis_code:
        said = page.say("code", diagnosis=said, code=facts.diagnosis_code)
    sentences = [
        page.say(
            "diagnosis",
            diagnosis=sentence(said),
            scale=sayings.names["phq9"],
            score=sayings.answer("phq9"),
            day=sayings.short_day("phq9"),
        )
    ]
    sentences += [page.say("since", words=facts.episode_start)] if facts.episode_start else []
    return sayings.block("diagnosis", Paragraph(text=" ".join(sentences)))


def _course_by_code(sayings: Sayings) -> str:
    if sayings.material.decided.answers.get("diagnosis") != UNIPOLAR:
        return ""
    code = sayings.material.facts.diagnosis_code.strip().upper()
    said = (words for start, words in sayings.words.page.courses.items() if code.startswith(start))
    return next(said, "")


def why_now_block(sayings: Sayings) -> Block:
    """What TMS did and when it was lost, how soon relief is needed, what the patient prefers."""
    return sayings.block("why_now", Paragraph(text=" ".join(_why_now(sayings))))


def _why_now(sayings: Sayings) -> Iterator[str]:
    page = sayings.words.page
    yield from _tms(sayings)
    yield from _speed(sayings)
    if sayings.is_answered("preference"):
        none = sayings.material.decided.answers.get("preference") == "none"
        prefers = page.say("preference", preference=sayings.answer("preference"))
        yield page.sentences["no_preference"] if none else prefers


def _speed(sayings: Sayings) -> Iterator[str]:
    """How soon relief is needed, where the request does not say just that."""
    if not sayings.is_answered("speed_needed"):
        yield sayings.words.page.sentences["speed_not_known"]
        return
    answered = sayings.material.decided.answers["speed_needed"]
    says_more = answered != sayings.material.request.how_soon
    # An edition that does not tell safety from the rest asks for both in one answer.
    tells_safety = SAFETY in sayings.words.labels.get("speed_needed", {})
    if says_more or (answered == DAYS and not tells_safety):
        yield sayings.words.page.say("speed", speed=sayings.answer("speed_needed"))
    elif answered == DAYS:
        yield sayings.words.page.sentences["speed_days"]


def _tms(sayings: Sayings) -> Iterator[str]:
    page = sayings.words.page
    if sayings.material.decided.outcome.first_course:
        yield page.sentences["no_tms"]
        return
    courses = sayings.material.history.tms_courses
    if sayings.is_answered("tms_courses"):
        yield _best(sayings)
    elif not courses:
        yield page.sentences["tms_not_known"]
    if sayings.material.decided.answers.get("tms_now") == "yes":
        yield page.sentences["under_way"]
    for one in by_start(courses)[-MOST_COURSES:]:
        if said := course_in_words(sayings, one):
            yield end_sentence(sentence(said))
    if len(courses) > MOST_COURSES:
        yield page.say("more_courses", count=len(courses) - MOST_COURSES)
    if not courses and (last := _last_as_answered(sayings)):
        yield page.say("last", last=last)


def by_start(courses: Sequence[TmsCourse]) -> Sequence[TmsCourse]:
    """The earliest first, where every course has its day; else as they were added."""
    every = all(one.started for one in courses)
    return sorted(courses, key=lambda one: one.started) if every else courses


def _best(sayings: Sayings) -> str:
    page = sayings.words.page
    months = sayings.is_answered("tms_benefit_months")
    held = page.say("held", months=sayings.answer("tms_benefit_months")) if months else ""
    courses, best = sayings.answer("tms_courses"), sayings.answer("tms_best_response")
    return page.say("tms", courses=courses, best=best, held=held)


def _last_as_answered(sayings: Sayings) -> str:
    asked = ("tms_last_sessions", "tms_last_device", "tms_last_response")
    return ", ".join(sayings.answer(one) for one in asked if sayings.is_answered(one))


def course_in_words(sayings: Sayings, one: TmsCourse) -> str:
    """A course in one line: what is not known of it is left out."""
    page, scales = sayings.words.page, sayings.words.history
    parts = [page.say("sessions", count=one.sessions)] if one.sessions is not None else []
    parts += [one.target, one.protocol]
    if one.score_before is not None and one.score_after is not None:
        scale = scales.say("scales", one.scale, "")
        before, after = one.score_before, one.score_after
        change = page.say("change", scale=scale, before=before, after=after).strip()
        doubt = sayings.words.history.doubts["in_letter"]
        has_doubt = {"score_before", "score_after"} & doubted(sayings, one)
        parts.append(f"{change} ({doubt})" if has_doubt else change)
    parts += [page.say("lost", words=say_partial(one.lost_on))] if one.lost_on else []
    what, when = ", ".join(filter(None, parts)), sayings.between(one.started, one.ended)
    if not when:
        return what
    return page.say("course", when=when, what=what or page.sentences["course_only"])


def is_asked(sayings: Sayings, question: str) -> bool:
    """Whether the questionnaire of this letter asked it of this patient."""
    return question in sayings.by_question and sayings.state(question) is not AnswerState.NOT_ASKED
