"""Rows of the treatment history against answers: ECT, ketamine, courses of TMS, trials."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from decisions.documents.contradictions.compared import HISTORY, Compared, Mismatch, listed
from decisions.documents.letter.treatment_history import EARLIER, DrugTrial, OtherTreatment

COURSES, SESSIONS, BEST = "tms_courses", "tms_last_sessions", "tms_best_response"
TRIALS = "antidepressant_trials"
MEDICINES, ANTIDEPRESSANT, TAKING = "medicines", "antidepressant_now", "taking"
THRESHOLD = "threshold_factors"
OTHERS, COURSE_ROWS = "others", "tms_courses"
HELPED, NO_RELIEF = frozenset({"remission", "response"}), frozenset({"none", "worse"})
MOSTLY_NOT = "mostly_not"

OF_MEDICINES = frozenset([MEDICINES, ANTIDEPRESSANT, THRESHOLD])
QUESTIONS = OF_MEDICINES | {
    *(COURSES, SESSIONS, BEST, TRIALS),
    *("ect_history", "ketamine_history"),
}


def mismatches_of_rows(compared: Compared) -> Iterator[Mismatch]:
    """Every answer that the rows do not fit."""
    for question in compared.words.treated:
        yield from _treated(compared, question)
    yield from _courses(compared)
    yield from _sessions(compared)
    yield from _best_response(compared)
    yield from _trials(compared)
    yield from _medicines(compared)
    yield from _classes(compared)


def _rows(compared: Compared, question: str, said: str) -> Mismatch:
    return compared.mismatch(
        "rows", questions=(question,), places=(HISTORY,), filled={"rows": said}
    )


def _no_rows(compared: Compared, question: str) -> Mismatch:
    return compared.mismatch("no_rows", questions=(question,), places=(HISTORY,), filled={})


def _treated(compared: Compared, question: str) -> Iterator[Mismatch]:
    treated, answered = compared.words.treated[question], compared.value(question)
    rows = [one for one in compared.history.others if one.kind in treated.kinds]
    if not rows:
        if OTHERS in compared.history.none_of and treated.answers.get(str(answered)):
            yield _no_rows(compared, question)
        return
    if not compared.is_open(question):
        fitting = treated.answers.get(str(answered))
        if fitting is None or _fits(rows, fitting):
            return
    yield _rows(compared, question, listed([_said(compared, one) for one in rows]))


def _fits(rows: Iterable[OtherTreatment], fitting: Iterable[str]) -> bool:
    """Whether one row at least can be what was answered: its result fits, or is not known."""
    return bool(fitting) and any(not one.result or one.result in fitting for one in rows)


def _said(compared: Compared, one: OtherTreatment) -> str:
    words = compared.history_words
    result = words.say("results", one.result, compared.words.result_not_known)
    kind = words.say("kinds", one.kind, one.kind)
    return compared.words.one_row.format(kind=kind, result=result)


def _courses(compared: Compared) -> Iterator[Mismatch]:
    answered, rows = compared.value(COURSES), compared.history.tms_courses
    if not isinstance(answered, int):
        return
    if answered and COURSE_ROWS in compared.history.none_of:
        yield _no_rows(compared, COURSES)
    elif rows and len(rows) != answered:
        words = compared.words
        said = words.one_course if len(rows) == 1 else words.courses.format(count=len(rows))
        yield _rows(compared, COURSES, said)


def _sessions(compared: Compared) -> Iterator[Mismatch]:
    """The sessions of the most recent course; which row that is may not be known."""
    answered = compared.value(SESSIONS)
    counts = [one.sessions for one in compared.history.tms_courses if one.sessions is not None]
    is_whole = bool(counts) and len(counts) == len(compared.history.tms_courses)
    if isinstance(answered, int) and is_whole and answered not in counts:
        said = compared.words.sessions.format(counts=listed([str(one) for one in counts]))
        yield _rows(compared, SESSIONS, said)


def _best_response(compared: Compared) -> Iterator[Mismatch]:
    """By scores of every course; what the scores do not tell is no mismatch."""
    least, rows = compared.words.best_response, compared.history.tms_courses
    fell = [one.percent_better for one in rows if one.percent_better is not None]
    answered = compared.value(BEST)
    if answered not in least or not fell or len(fell) != len(rows):
        return
    reached = max(limit for limit in (0, *least.values()) if limit <= max(0, *fell))
    if reached != least[str(answered)]:
        percents = listed([compared.words.percent.format(percent=one) for one in fell])
        yield _rows(compared, BEST, compared.words.best_by_scores.format(percents=percents))


def _trials(compared: Compared) -> Iterator[Mismatch]:
    answered = compared.value(TRIALS)
    rows = [one for one in compared.history.trials if one.episode != EARLIER]
    if not isinstance(answered, int) or not rows:
        return
    may_count = [one for one in rows if _may_count(compared, one)]
    surely = [one for one in may_count if one.result in NO_RELIEF and not _is_open(one)]
    open_ones = [one.drug for one in may_count if _is_open(one)]
    kind, filled = "", {"rows": str(len(may_count))}
    if answered > len(may_count):
        kind = "trials_many"
    elif answered < len(surely):
        kind, filled = "trials_few", {"rows": str(len(surely))}
    elif answered > len(may_count) - len(open_ones):
        kind, filled = "trials_open", {"names": listed(open_ones)}
    if kind:
        filled["answered"] = str(answered)
        yield compared.mismatch(kind, questions=(TRIALS,), places=(HISTORY,), filled=filled)


def _medicines(compared: Compared) -> Iterator[Mismatch]:
    """No medicines now, as the history says, beside one that is taken."""
    if MEDICINES not in compared.history.none_of:
        return
    if compared.value(MEDICINES):
        yield _no_rows(compared, MEDICINES)
    if compared.value(ANTIDEPRESSANT) == TAKING:
        yield _no_rows(compared, ANTIDEPRESSANT)


def _classes(compared: Compared) -> Iterator[Mismatch]:
    """Medicines on the list whose class is missing in the answer that asks about it."""
    lacking: dict[str, dict[str, None]] = {}
    naming: dict[str, list[str]] = {}
    for question, value, said in _asked_by_class(compared):
        answered = compared.value(question)
        given = [answered] if isinstance(answered, str) else answered
        if isinstance(given, Collection) and value not in given:
            label = compared.edition.questionnaire.question(question).label_of(value)
            lacking.setdefault(question, {})[label] = None
            naming.setdefault(question, []).append(said)
    for question, labels in lacking.items():
        filled = {"missing": "”, “".join(labels), "rows": listed(dict.fromkeys(naming[question]))}
        yield compared.mismatch(
            "lacks_class", questions=(question,), places=(HISTORY,), filled=filled
        )


def _asked_by_class(compared: Compared) -> Iterator[tuple[str, str, str]]:
    """Question and value that a medicine's class is asked by, and the medicine in words.

    Not where the answer is about how much of it is taken.
    """
    for one in compared.history.medicines:
        class_id = compared.listed.class_id_of(one.name)
        if not class_id:
            continue
        known_as = compared.listed.classes[class_id]
        not_asked = compared.words.by_how_much.get(class_id, ())
        for question, values in known_as.proposes.items():
            if question not in not_asked:
                said = f"{one.name} ({known_as.name})"
                yield from ((question, value, said) for value in values)


def _may_count(compared: Compared, one: DrugTrial) -> bool:
    """Whether it can be an adequate trial in this episode that did not bring relief."""
    is_antidepressant = not one.drug_class or one.drug_class in compared.words.antidepressants
    helped = one.result in HELPED or one.adherence == MOSTLY_NOT
    return is_antidepressant and not helped


def _is_open(one: DrugTrial) -> bool:
    return not one.highest_dose or one.weeks is None or not one.result
