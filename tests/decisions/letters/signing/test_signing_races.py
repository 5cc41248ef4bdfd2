"""Somebody saves while somebody signs: nothing is signed that the signer did not see.

Real threads with connections of their own. The save comes before any one of the statements by which
signing reads the rows, while the letter is drawn, and while the rows are held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django_scopes import scopes_disabled

from decisions.cases.models import Case
from decisions.consents.actions import record_consent, revoke_consent
from decisions.documents.letter.treatment_history import DrugTrial
from decisions.letters.actions import LetterChangedError, compose, save_draft, save_facts
from decisions.letters.composition import Composition
from decisions.letters.models import Letter
from decisions.letters.queries import facts_of
from decisions.letters.recipients import choose_recipient
from decisions.letters.rendering import draw_pdf
from decisions.letters.signing import actions as signing
from decisions.letters.signing.actions import (
    LetterIncompleteError,
    LetterNotConfirmedError,
    sign_letter,
)
from decisions.letters.signing.confirming import Confirmation
from decisions.plans.queries import plan_of
from decisions.treatment_history.actions import add_row
from decisions.treatment_history.models import Kind
from kapnet.core.directory.actions import save_site
from kapnet.core.directory.models import Site
from kapnet.core.people.models import User
from tests.decisions.case_factories import POSITIVE_FORM, answer, clinic_of
from tests.decisions.consents.test_consent_views import PAPER
from tests.decisions.letters.stored_letters import (
    DRAFT,
    decide_case,
    fingerprint_of,
    make_decision,
    make_draft,
    say_source,
)
from tests.decisions.plans.plan_factories import store as store_plan
from tests.kapnet.core.directory.directory_factories import REACHED, make_site
from tests.rounds import ROUNDS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

UNSEEN = "UNSEEN"
REFUSED = (LetterChangedError, LetterIncompleteError, LetterNotConfirmedError)
PATIENCE_SECONDS = 0.5
"""How long signing waits for a save that may be waiting for the signature itself."""

OTHER_AGE = 46
"""More than the case's date of birth says, so that saving it changes the answer."""

AFTER_TMS = "2027-03-03"
"""A first day of ketamine; a letter that asks for one treatment prints the plan of a sequence."""

Save = Callable[[], None]
numbers = count(1)


def unseen() -> str:
    """Words that no page has shown."""
    return f"{UNSEEN} {next(numbers)}"


# What somebody saves: a draft about a case as it is, and a save that has not happened yet.


def _draft(case: Case, therapist: User, **values: Any) -> Letter:
    return make_draft(therapist, decide_case(case, therapist), **values)


def _draft_text(case: Case, therapist: User) -> tuple[Letter, Save]:
    letter = _draft(case, therapist)
    values = {**DRAFT, "reasoning": unseen()}
    return letter, lambda: save_draft(
        letter=letter, actor=therapist, values=values, saved_at=letter.saved_at
    )


def _facts(case: Case, therapist: User) -> tuple[Letter, Save]:
    letter = _draft(case, therapist)
    with clinic_of(therapist):
        stored = facts_of(case)
    return letter, lambda: save_facts(
        case=case,
        actor=therapist,
        values={"allergies": unseen()},
        saved_at=stored.saved_at if stored else None,
    )


def _harmless_answer(case: Case, therapist: User) -> tuple[Letter, Save]:
    letter, age = _draft(case, therapist), OTHER_AGE + next(numbers) % 14
    return letter, lambda: _ignore(answer(case, therapist, "age_years", age))


def _positive_item9(case: Case, therapist: User) -> tuple[Letter, Save]:
    letter = make_draft(therapist)
    return letter, lambda: _ignore(answer(letter.case, therapist, "phq9", POSITIVE_FORM))


def _decision(case: Case, therapist: User) -> tuple[Letter, Save]:
    letter = _draft(case, therapist)
    return letter, lambda: _ignore(decide_case(case, therapist, chosen="none_now"))


def _consent(case: Case, therapist: User) -> tuple[Letter, Save]:
    with clinic_of(therapist):
        consent = record_consent(case=case, actor=therapist, values=PAPER)
    letter = _draft(case, therapist, part2_consent=consent)
    say_source(case, therapist, "part2_program")
    return letter, lambda: revoke_consent(
        consent=consent, actor=therapist, because="The patient took it back."
    )


def _source(case: Case, therapist: User) -> tuple[Letter, Save]:
    letter = _draft(case, therapist)
    return letter, lambda: say_source(case, therapist, "part2_program")


def _history(case: Case, therapist: User) -> tuple[Letter, Save]:
    letter, trial = _draft(case, therapist), DrugTrial(drug=unseen())
    return letter, lambda: _ignore(
        add_row(case=case, actor=therapist, kind=Kind.TRIALS, values=trial)
    )


def _plan(case: Case, therapist: User) -> tuple[Letter, Save]:
    letter = _draft(case, therapist)
    with clinic_of(therapist):
        stored = plan_of(case)
    version, sessions = stored.version if stored else None, 10 + next(numbers) % 20
    changes = {"tms_sessions": sessions, "ketamine_first_day": AFTER_TMS}
    return letter, lambda: _ignore(store_plan(case, therapist, version=version, **changes))


def _directory(case: Case, therapist: User) -> tuple[Letter, Save]:
    letter, site = _draft(case, therapist), make_site(therapist)
    with clinic_of(therapist):
        choose_recipient(letter=letter, actor=therapist, site=site)
        seen = Site.objects.select_related("colleague").get(pk=site.pk)
    return letter, lambda: save_site(
        site=seen, actor=therapist, values={**REACHED, "phone": unseen()}, saved_at=seen.saved_at
    )


def _ignore(anything: object) -> None:
    """A save of which nothing more is needed."""


Make = Callable[[Case, User], tuple[Letter, Save]]
KINDS: list[Make] = [
    *(_draft_text, _facts, _harmless_answer, _positive_item9, _decision, _consent, _source),
    *(_history, _plan, _directory),
]
IDS = [one.__name__.strip("_") for one in KINDS]
each_kind = pytest.mark.parametrize("make", KINDS, ids=IDS)

SHARES = {"early": 0.25, "middle": 0.6, "late": 0.95}
"""At which of the statements of the second look somebody saves."""

AT_EACH_SHARE = [
    pytest.param(make, share, id=f"{said}-{name}", marks=() if is_next else pytest.mark.long)
    for kind, (make, said) in enumerate(zip(KINDS, IDS, strict=True))
    for place, (name, share) in enumerate(SHARES.items())
    for is_next in [kind % len(SHARES) == place]
]
"""One share for each kind of save in turn; the others in `script/test whole`."""


# Signing, with a save at one moment of it


class Meanwhile:
    """Lets another thread save once, and notes how that ended."""

    def __init__(self, person: User, save: Save) -> None:
        self.person, self.save = person, save
        self.thread = Thread(target=self._run)
        self.is_saved = False

    def _run(self) -> None:
        try:
            with clinic_of(self.person):
                self.save()
            self.is_saved = True
        except Exception as refused:
            self.refusal = refused
        finally:
            connection.close()

    def now(self) -> None:
        """Begin, and wait until it is saved, or until it seems to wait for the signature."""
        if self.thread.ident is None:
            self.thread.start()
            self.thread.join(PATIENCE_SECONDS)


@contextmanager
def before_statement(number: int, meanwhile: Meanwhile) -> Iterator[list[str]]:
    """Save before this statement of the block, counted from 0; yields the statements so far."""
    said: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if len(said) == number:
            meanwhile.now()
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield said


@pytest.fixture
def case(therapist: User) -> Case:
    """A case with a decision."""
    return make_decision(therapist).case


def sign_what_was_seen(
    letter: Letter, therapist: User, seen: str, opened: Composition | None = None
) -> bool:
    """Whether it was signed. opened: the letter as its page read it."""
    try:
        with clinic_of(therapist):
            sign_letter(
                letter_id=letter.pk,
                actor=therapist,
                fingerprint=seen,
                confirmed=tuple(Confirmation),
                opened=opened,
            )
    except REFUSED:
        return False
    return True


def assert_nothing_unseen(letter: Letter) -> None:
    with scopes_disabled():
        row = Letter.objects.get(pk=letter.pk)
    assert UNSEEN not in str(row.content)
    assert (row.status == "signed") == (row.content is not None)


def statements_of_first_look(letter: Letter, therapist: User) -> int:
    """How many statements read the rows before the letter is drawn."""
    said: list[str] = []

    def listen(execute: Any, sql: str, *rest: Any) -> Any:
        said.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(listen):
        assert not sign_what_was_seen(letter, therapist, "0" * 64)
    return len(said)


def chosen_of(statements: range, kind: int) -> range:
    """Every sixth, another one first for each kind of save; all of them in many rounds."""
    return statements if ROUNDS > 1 else statements[kind % 6 :: 6]


@each_kind
def test_what_is_saved_before_any_statement_is_not_signed_unseen(
    make: Make, case: Case, therapist: User
) -> None:
    letter, _ = make(case, therapist)
    statements = range(statements_of_first_look(letter, therapist))

    for number in chosen_of(statements, KINDS.index(make)):
        letter, save = make(case, therapist)
        seen = fingerprint_of(letter, therapist)
        meanwhile = Meanwhile(therapist, save)
        with before_statement(number, meanwhile):
            signed = sign_what_was_seen(letter, therapist, seen)
        meanwhile.thread.join()
        assert meanwhile.is_saved, number
        assert not signed, number
        assert_nothing_unseen(letter)


@each_kind
def test_what_is_saved_while_the_letter_is_drawn_is_not_signed_unseen(
    make: Make, case: Case, therapist: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, save = make(case, therapist)
    with clinic_of(therapist):
        opened = compose(letter.pk, therapist)
        seen, meanwhile = opened.fingerprint, Meanwhile(therapist, save)

    def draw_slowly(*args: Any, **how: Any) -> bytes:
        meanwhile.now()
        return draw_pdf(*args, **how)

    monkeypatch.setattr(signing, "draw_pdf", draw_slowly)
    signed = sign_what_was_seen(letter, therapist, seen, opened)
    meanwhile.thread.join()

    assert meanwhile.is_saved
    assert not signed
    assert_nothing_unseen(letter)


@pytest.mark.parametrize(("make", "share"), AT_EACH_SHARE)
def test_what_is_saved_under_the_lock_is_not_signed_unseen(
    make: Make, case: Case, therapist: User, share: float
) -> None:
    """The second look reads what the first read, after the letter is locked."""
    letter, _ = make(case, therapist)
    first = statements_of_first_look(letter, therapist)
    letter, save = make(case, therapist)
    seen, meanwhile = fingerprint_of(letter, therapist), Meanwhile(therapist, save)

    with before_statement(first + int(first * share), meanwhile):
        sign_what_was_seen(letter, therapist, seen)
    meanwhile.thread.join()

    assert_nothing_unseen(letter)


def test_honest_signature_is_taken(therapist: User) -> None:
    letter = make_draft(therapist)

    assert sign_what_was_seen(letter, therapist, fingerprint_of(letter, therapist))
