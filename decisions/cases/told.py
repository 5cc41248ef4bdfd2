"""What rooms above say of a case: each registers itself when it is ready.

Cases are below letters and desk, and import neither.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, Q

from decisions.cases.models import Case
from kapnet.core.people.models import Clinic

if TYPE_CHECKING:
    from decisions.cases.case_file import CaseFile
    from decisions.cases.proposals import Offer
    from decisions.documents.contradictions.compared import Mismatch

Condition = Callable[[], Exists | Q]
"""Of the cases of a query, for the clinic in scope."""
_conditions: dict[str, Condition] = {}
_tellers: dict[str, Callable[..., Any]] = {}
CHANGED_ROWS = "changed_rows"
LETTER, SIGNED_LETTERS, STATED_FACTS = "letter", "signed_letters", "stated_facts"
DELETED_NUMBERS = "deleted_numbers"


def register(what: str, teller: Callable[..., Any]) -> None:
    """Let this room say it from now on."""
    _tellers[what] = teller


def asks_of_each_case(name: str, condition: Condition) -> None:
    """Let the query that reads a case say under this name whether a room above keeps something."""
    _conditions[name] = condition


def conditions_of_each_case() -> dict[str, Exists | Q]:
    """Those that rooms above registered, for the clinic in scope."""
    return {name: condition() for name, condition in _conditions.items()}


def letter_of(case: Case) -> Any:
    """The state of the newest letter of a case; None where there is none."""
    return _tellers[LETTER](case)


def signed_letters_of(case: Case) -> list[Any]:
    """The signed letters of a case that no other has replaced, newest first."""
    found: list[Any] = _tellers[SIGNED_LETTERS](case)
    return found


def stated_facts_of(case: Case) -> Mapping[str, str]:
    """What letters say of a safety task, as it was stated; empty where nothing was."""
    found: Mapping[str, str] = _tellers[STATED_FACTS](case)
    return found


class ChangedRow(NamedTuple):
    """A row of the treatment history that was added, changed or taken off. now: what it says."""

    name: str
    what: str
    now: str
    url: str
    by: str


def rows_changed_since(case: Case, moment: datetime) -> Iterable[ChangedRow]:
    """Rows of the treatment history that are others than at a moment."""
    found: Iterable[ChangedRow] = _tellers[CHANGED_ROWS](case, moment)
    return found


MismatchTeller = Callable[["CaseFile", Collection[str]], "tuple[Mismatch, ...]"]
_rows_beside: dict[str, MismatchTeller] = {}
_statements: dict[str, MismatchTeller] = {}
"""By the name of the condition under which a room has anything to say of a case."""


def tells_mismatches(teller: MismatchTeller, *, of: str, where: Condition) -> None:
    """Let this room say which of its rows do not fit answers. of: the name of the condition
    `where`: only cases that fulfil it are asked about."""
    asks_of_each_case(of, where)
    _rows_beside[of] = teller


def tells_statements(teller: MismatchTeller, *, of: str, where: Condition) -> None:
    """Let this room say in the same way what a patient, or another system, says otherwise."""
    asks_of_each_case(of, where)
    _statements[of] = teller


def mismatches_of(file: CaseFile, among: Collection[str] | None = None) -> tuple[Mismatch, ...]:
    """What rooms above keep of a case, and what others said of it that nobody decided on, and does
    not fit answers to these questions; to any where they are left out."""
    return (*_told_by(_rows_beside, file, among), *_told_by(_statements, file, among))


def statements_of(file: CaseFile) -> tuple[Mismatch, ...]:
    """Of these only what others said."""
    return _told_by(_statements, file)


def _told_by(
    tellers: Mapping[str, MismatchTeller], file: CaseFile, among: Collection[str] | None = None
) -> tuple[Mismatch, ...]:
    having = [tell for of, tell in tellers.items() if getattr(file.case, of)]
    if not having:
        return ()
    asked = {one.id for one in file.edition.questionnaire.questions} if among is None else among
    return tuple(one for tell in having for one in tell(file, asked))


# What is proposed as an answer: see `proposals`

AnswerProvider = Callable[["CaseFile", str], Mapping[str, tuple[str, ...]]]
"""Of a case and a question: value -> what proposes it, in words."""
OfferProvider = Callable[["CaseFile", str], "Offer | None"]
"""Of a case and a question: what is offered as its answer."""
answer_providers: list[AnswerProvider] = []
offer_providers: list[OfferProvider] = []


def proposes_answers(provider: AnswerProvider) -> None:
    """Let this room propose answers."""
    if provider not in answer_providers:
        answer_providers.append(provider)


def offers_answers(provider: OfferProvider) -> None:
    """Let this room offer answers that a person takes over by one press."""
    if provider not in offer_providers:
        offer_providers.append(provider)


def highest_deleted_number_of(clinic: Clinic) -> int:
    """The highest number of a case of this clinic that was deleted, or is to be; 0 for none."""
    found: int = _tellers[DELETED_NUMBERS](clinic)
    return found


# What is still open in a case that somebody wants to close


class OpenEnd(NamedTuple):
    """Something of a case that waits for somebody, in words, and where it is."""

    what: str
    url: str


OpenEndTeller = Callable[[Case], Iterable[OpenEnd]]
_open_end_tellers: list[OpenEndTeller] = []


def tells_open_ends(teller: OpenEndTeller) -> None:
    """Let this room say what is still open in a case, besides what is due on a day."""
    if teller not in _open_end_tellers:
        _open_end_tellers.append(teller)


def open_ends_of(case: Case) -> Iterator[OpenEnd]:
    """What every room says."""
    for teller in _open_end_tellers:
        yield from teller(case)


# What holds the deletion of a closed case back


class Hold(NamedTuple):
    """Something of a case that is kept for the clinic's years as well, from a day on.

    since: that day; None while it is not over, and nothing of the case may go. what: in words.
    """

    case_id: UUID
    what: str
    since: date | None = None


HoldTeller = Callable[[Collection[UUID]], Iterable[Hold]]
_hold_tellers: list[HoldTeller] = []


def tells_holds(teller: HoldTeller) -> HoldTeller:
    """Let this room say what holds cases back."""
    _hold_tellers.append(teller)
    return teller


def holds_on(case_ids: Collection[UUID]) -> Iterator[Hold]:
    """What every room says of these cases, in the scope and the time zone of their clinic."""
    for teller in _hold_tellers:
        yield from teller(case_ids)
