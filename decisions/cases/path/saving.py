"""What a posted card makes: the answers of its questions, saved as a section saves them."""

from __future__ import annotations

from django.http import QueryDict

from decisions.cases.case_file import CaseFile
from decisions.cases.path.cards import card_questions, is_group
from decisions.cases.section.controls import Token, filled_by_answer, filled_by_post
from decisions.cases.section.saving import Kept, Posted, save_posted
from decisions.cases.section.tallies import tally_of
from decisions.rules.questionnaire.answer_values import UNKNOWN_WORD
from decisions.rules.questionnaire.questionnaire import NO, Question, QuestionType
from kapnet.core.people.models import User

OPEN_STILL = "Answer, or choose Not known"
ITEM9_OPEN = "Enter item 9, or tick that it is not known"


def save_card(*, file: CaseFile, question_id: str, post: QueryDict, actor: User) -> Posted:
    """Save a card. `not_known` in the post answers all of it; what is left empty is asked again."""
    questions = card_questions(file, question_id)
    fields = as_fields(questions, post)
    posted = save_posted(file=file, questions=questions, post=fields, actor=actor)
    for question in questions:
        if question.id not in posted.kept and not posted.file.answers.is_complete(question.id):
            token = Token.read(fields.get(f"{question.id}.token", ""))
            filled = filled_by_post(question, fields)
            posted.kept[question.id] = Kept(filled, token, problem=OPEN_STILL)
    ask_for_item9(posted, questions, fields)
    return posted


def ask_for_item9(posted: Posted, questions: tuple[Question, ...], fields: QueryDict) -> None:
    """Ask again for a form of which the total was entered, and it is saved, and item 9 was not.

    `item9_unknown` of a form says that nobody knows it.
    """
    for question in questions:
        name = question.id
        tally = tally_of(question, posted.file.answers)
        is_open = tally is not None and tally.lacks_safety_item
        if is_open and f"{name}.item9_unknown" not in fields and name not in posted.kept:
            row = posted.file.rows[name]
            filled = filled_by_answer(question, row.value, row.assessed_on)
            token = Token(row.version, filled.digest)
            posted.kept[name] = Kept(filled, token, problem=ITEM9_OPEN, is_saved=True)


def as_fields(questions: tuple[Question, ...], post: QueryDict) -> QueryDict:
    """The controls of a card as those of a section: one day, and one "not known", for all of it.

    `rest_no` in the post says no to each question that was shown and has no answer there. Of two
    fields of which one is filled in, "not known" is the other.
    """
    fields = post.copy()
    has_part = not all(post.get(one.id) for one in questions)
    day = post.get(f"{questions[0].id}.assessed_on", "")
    for question in questions:
        name = question.id
        if day:
            fields[f"{name}.assessed_on"] = day
        if "rest_no" in post and is_group(questions):
            if f"{name}.token" in post and not fields.get(name):
                fields[name] = NO.value
        elif "not_known" in post and not (has_part and fields.get(name)):
            _say_not_known(question, fields)
        elif fields.get(f"{name}.total") or fields.get(f"{name}.item9_alone"):
            _leave_items(name, fields)
    return fields


def _leave_items(name: str, fields: QueryDict) -> None:
    """A total that is entered on a card takes the place of the items."""
    for key in list(fields):
        _, _, part = key.partition(f"{name}.item")
        if part.isdecimal():
            del fields[key]


def _say_not_known(question: Question, fields: QueryDict) -> None:
    kept = {f"{question.id}.token", f"{question.id}.assessed_on"}
    own = [key for key in fields if key == question.id or key.startswith(f"{question.id}.")]
    for key in own:
        if key not in kept:
            del fields[key]
    is_box = question.type in {QuestionType.INTEGER, QuestionType.INSTRUMENT}
    fields[f"{question.id}.unknown" if is_box else question.id] = UNKNOWN_WORD
