"""What must be there before a letter is signed, and where to add it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from decisions.documents.letter.material import LetterMaterial
from decisions.documents.letter.phrasing import Sayings
from decisions.documents.letter.wording import LetterWords
from decisions.rules.engine.answers_in_words import AnswerState
from decisions.rules.engine.edition import Edition
from decisions.rules.logic.values import Frozen
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.questionnaire.instruments import Scores


class MissingBlock(Frozen):
    """One thing that is missing.

    where: "letter:field", "question:id", "profile", "safety", "recipient",
    "consents", "decision", "patient", "history" or "facts".
    """

    id: str
    label: str
    where: str


def missing_blocks(
    *, edition: Edition, words: LetterWords, names: Mapping[str, str], material: LetterMaterial
) -> tuple[MissingBlock, ...]:
    """Everything that keeps a letter from being signed, in the order of the letter.

    "Not known" is an answer: it is printed and keeps nothing back. An open question does.
    """
    sayings = Sayings(material, words, names)
    found = (
        *_of_the_request(material),
        *_of_the_answers(edition, sayings),
        *_of_the_clinician(material),
        *_of_the_sharing(sayings),
        *_of_the_evidence(material),
    )
    order = list(words.missing)
    labels = words.missing
    return tuple(
        MissingBlock(id=one, label=labels[one].format(questions=questions), where=where)
        for one, where, questions in sorted(found, key=lambda each: order.index(each[0]))
    )


Missing = tuple[str, str, str]
"""id of what is missing, where to add it, names of questions or sources."""


def _of_the_request(material: LetterMaterial) -> Iterator[Missing]:
    sender, recipient = material.sender, material.recipient
    if not material.request.is_complete:
        yield "request", f"letter:{_open_part(material)}", ""
    if not (recipient.name or recipient.organization):
        yield "recipient", "recipient", ""
    if not recipient.is_open:
        yield "recipient_closed", "recipient", ""
    if not (sender.name and sender.profession and (sender.phone or sender.secure_reply)):
        yield "sender", "profile", ""
    if material.issue.replaces and not material.issue.replaces_because:
        yield "correction", "letter:replaces_because", ""


def _open_part(material: LetterMaterial) -> str:
    request = material.request
    parts = {"kind": request.kind, "option": request.option, "how_soon": request.how_soon}
    return next(f"request_{name}" for name, value in parts.items() if not value)


def _of_the_answers(edition: Edition, sayings: Sayings) -> Iterator[Missing]:
    answers = Answers.read(edition.questionnaire, sayings.material.decided.answers)
    if sayings.state("diagnosis") is not AnswerState.ANSWERED:
        yield "diagnosis", "question:diagnosis", ""
    score = answers.get("phq9")
    if not isinstance(score, Scores) or score.total is None:
        yield "score", "question:phq9", ""
    if sayings.state("suicide_risk") is not AnswerState.ANSWERED:
        yield "suicide_assessment", "question:suicide_risk", ""
    for block in ("tms_safety", "ketamine_safety"):
        questions = sayings.words.blocks[block]
        if still_open := [one for one in questions if sayings.state(one) is AnswerState.OPEN]:
            yield block, f"question:{still_open[0]}", sayings.short_names(still_open)


def _of_the_clinician(material: LetterMaterial) -> Iterator[Missing]:
    plan = material.plan
    if not plan.reasoning:
        yield "reasoning", "letter:reasoning", ""
    named = plan.coordinator_name and plan.coordinator_phone
    if material.asks_for_two_treatments and not named:
        first = "coordinator_phone" if plan.coordinator_name else "coordinator_name"
        yield "coordinator", f"letter:{first}", ""
    if material.asks_for_none_now and not (plan.next_look_on and plan.next_look_by):
        first = "next_look_by" if plan.next_look_on else "next_look_on"
        yield "next_look", f"letter:{first}", ""
    if material.has_open_safety_task:
        yield "safety_task", "safety", ""
    if material.act_first and not plan.act_first_done:
        yield "act_first", "letter:act_first_done", ""
    if material.is_judged_stricter and not plan.stricter_because:
        yield "stricter", "letter:stricter_because", ""


def _of_the_sharing(sayings: Sayings) -> Iterator[Missing]:
    material, problems = sayings.material, sayings.words.consent_problems
    sharing = material.sharing
    if not sharing.basis:
        yield "sharing", "letter:shared_for_treatment", ""
    if sharing.basis == "authorization":
        problem = material.problem_of_authorization if sharing.authorization else "none"
        if problem is not None:
            yield "authorization", "letter:authorization", problems[problem]
    if not sharing.substance_source:
        yield "substance_source", "consents", ""
    recipient = material.recipient
    if sharing.leaves_in_emergency:
        if not (recipient.name and recipient.organization):
            yield "emergency_recipient", "recipient", ""
        if recipient.copies:
            yield "emergency_copies", "letter:copies", ""
    elif sharing.needs_part2_consent and (problem := material.problem_of_part2_consent) is not None:
        yield "part2_consent", "letter:part2_consent", problems[problem]


def _of_the_evidence(material: LetterMaterial) -> Iterator[Missing]:
    if material.left_out and not material.can_leave_out:
        yield "left_out_evidence", "decision", ""
    if material.withdrawn:
        yield "withdrawn", "decision", ", ".join(material.withdrawn)
