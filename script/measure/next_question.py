"""How many questions it takes until a result is settled and nothing is pending.

Every synthetic patient is asked twice from an empty case: in the order of the next best question,
and in the order of the questionnaire. Each question that is asked gets the patient's true answer.
Run: python -m script.measure.next_question [patients] [seed]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import mean, median

from decisions.rules.engine.decide import decide
from decisions.rules.engine.outcomes import Outcome
from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.answer_values import read_answer
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.sensitivity.next_question import next_best_question
from decisions.rules.sensitivity.settled import robustness_of
from evidence.loading import load_dossier
from script.measure.patients import Kind, Patient, RawAnswers, make_patients

PATIENTS = 10_000
SEED = 20_261
PROCESSES = 2
WANTED_FEWER = 0.3

NextQuestion = Callable[[Answers, Outcome], str | None]


@dataclass(frozen=True)
class Interview:
    """The questions that were asked, in order, and after how many of them nothing was pending."""

    asked: tuple[str, ...]
    pending_until: int

    @property
    def questions(self) -> int:
        """How many questions of the questionnaire were asked; a form is one."""
        return len(self.asked)

    @property
    def items(self) -> int:
        """How many single questions were put: a form counts with each of its items."""
        questionnaire = load_edition().questionnaire
        forms = [questionnaire.question(name).instrument for name in self.asked]
        return sum(len(form.items) if form else 1 for form in forms)


@dataclass(frozen=True)
class Compared:
    """One patient, asked in the order of the questionnaire and of the next best question."""

    kind: Kind
    in_order: Interview
    next_best: Interview


def next_in_order(answers: Answers, _: Outcome) -> str | None:
    """The first question of the questionnaire that is asked and has no answer."""
    return next(
        (
            question.id
            for question in answers.questionnaire.questions
            if answers.is_asked(question.id) and not answers.is_answered(question.id)
        ),
        None,
    )


def next_best(answers: Answers, outcome: Outcome) -> str | None:
    """The next best question under the released edition and the project's evidence."""
    return next_best_question(load_edition(), answers, load_dossier(), outcome=outcome)


def interview(truth: RawAnswers, next_question: NextQuestion) -> Interview:
    """Asks in this order until the result is settled and nothing is pending.

    truth: the patient's answer to every question. Raises RuntimeError when the order ends before.
    """
    edition, evidence = load_edition(), load_dossier()
    answers = Answers(edition.questionnaire, {})
    asked: list[str] = []
    pending_until = 0
    while True:
        outcome = decide(edition, answers, evidence)
        if any(option.pending for option in outcome.options.values()):
            pending_until = len(asked) + 1
        elif robustness_of(edition, answers, evidence).settled:
            return Interview(tuple(asked), pending_until)
        question = next_question(answers, outcome)
        if question is None:
            raise RuntimeError("nothing is left to ask, yet the result is not settled")
        value = read_answer(edition.questionnaire.question(question), truth[question])
        answers = Answers(edition.questionnaire, {**answers.values, question: value})
        asked.append(question)


def compare(patient: Patient) -> Compared:
    """Both orders with one patient."""
    truth = patient.answers
    return Compared(patient.kind, interview(truth, next_in_order), interview(truth, next_best))


def compare_all(patients: Sequence[Patient]) -> list[Compared]:
    """Both orders with every patient."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        return list(pool.map(compare, patients, chunksize=25))


def fewer(compared: Sequence[Compared], count: Callable[[Interview], int]) -> float:
    """Which share of the questions the next best order saves, in the mean."""
    saved = mean(count(one.next_best) for one in compared)
    return 1 - saved / mean(count(one.in_order) for one in compared)


def describe(name: str, compared: Sequence[Compared]) -> str:
    """One line of the report."""
    in_order = [one.in_order.questions for one in compared]
    best = [one.next_best.questions for one in compared]
    pending = [one.next_best.pending_until for one in compared]
    return " | ".join(
        (
            f"| {name}",
            f"{len(compared):,}",
            f"{mean(in_order):.1f} ({median(in_order):.0f})",
            f"{mean(best):.1f} ({median(best):.0f})",
            f"{fewer(compared, lambda one: one.questions):.1%}",
            f"{mean(pending):.1f}",
            f"{fewer(compared, lambda one: one.items):.1%} |",
        )
    )


HEAD = """\
| patients | number | order of the questionnaire: mean (median) | next best: mean (median) | fewer \
| of these until nothing is pending | fewer, each item of a form counted |
|---|---|---|---|---|---|---|"""


def main(count: int = PATIENTS, seed: int = SEED) -> int:
    """The exit status: 1 when the next best order saves less than wanted."""
    compared = compare_all(make_patients(seed, count))
    print(HEAD)
    print(describe("all", compared))
    for kind in Kind:
        print(describe(kind.value, [one for one in compared if one.kind is kind]))
    return int(fewer(compared, lambda one: one.questions) < WANTED_FEWER)


if __name__ == "__main__":
    sys.exit(main(*(int(one) for one in sys.argv[1:3])))
