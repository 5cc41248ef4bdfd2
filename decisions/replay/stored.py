"""The stored cases of all clinics, read page after page.

A page holds the cases between two keys and all that belongs to them. Its statements end before
anything is decided, so that nothing is locked meanwhile, no transaction stays open, and memory
does not grow with the number of cases. What is saved meanwhile is read as it is when its page is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Aggregate, Func, QuerySet, TextField
from django_scopes import scopes_disabled

from decisions.cases.models import Answer, Case, Decision
from decisions.replay.cases import Recorded, StoredCase
from decisions.replay.differences import CaseName
from decisions.rules.edition_answers import counts_under
from decisions.rules.engine.rules import OptionId
from decisions.rules.loading import edition_ids

A_PAGE = 500
"""Cases held at a time."""
BEFORE_ALL = UUID(int=0)
VERDICT_FIELDS = [f"outcome__options__{option.value}__verdict" for option in OptionId]
RECORDED = ("outcome__leading", *VERDICT_FIELDS)


class _Value(Func):
    """A JSON value inside another one, which SQLite keeps as text."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="JSON(%(expressions)s)", **context)


class _ByQuestion(Aggregate):
    """Values by their question in one text: twenty rows a case take ten times as long to read."""

    template = "JSON_OBJECT_AGG(%(expressions)s)::text"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "JSON_GROUP_OBJECT(%(expressions)s)"
        return self.as_sql(compiler, connection, template=template, **context)


class StoredFile(NamedTuple):
    """The answers of one patient as they are now and as decisions were recorded, by edition."""

    case_id: str
    by_edition: Mapping[str, list[StoredCase]]


class _Page(NamedTuple):
    """Cases with their editions, in the order of their ids, and the id before the first."""

    after: UUID
    editions: dict[UUID, str]

    @property
    def last(self) -> UUID:
        return next(reversed(self.editions))


def stored_files(editions: Collection[str], *, with_recorded: bool) -> Iterator[StoredFile]:
    """Every case with its recorded decisions, as far as they are of these editions.

    Of all clinics; whoever calls this answers for who gets to see it. with_recorded: with what
    each decision said, too.
    """
    here = frozenset(edition_ids())
    for page in _pages():
        with scopes_disabled(), _not_compiled():
            given = _given(page)
            decisions = _decisions(page, editions, with_recorded=with_recorded)
        for case_id, edition in page.editions.items():
            found: defaultdict[str, list[StoredCase]] = defaultdict(list)
            if edition in editions:
                known = edition if edition in here else None
                answers = _counting(given.get(case_id, ()), known)
                name = CaseName(case_id=str(case_id), decision=None)
                found[edition].append(StoredCase(name, answers))
            for of_decision, one in decisions.get(case_id, ()):
                found[of_decision].append(one)
            if found:
                yield StoredFile(str(case_id), found)


def stored_cases(edition: str) -> Iterator[StoredCase]:
    """Every case of an edition with its present answers, and every recorded decision."""
    for file in stored_files({edition}, with_recorded=True):
        yield from file.by_edition[edition]


@contextmanager
def _not_compiled() -> Iterator[None]:
    """PostgreSQL runs these statements as they are: compiling them takes longer than a page.

    On SQLite there is nothing to say, and a transaction would keep everybody from writing.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")
        yield


def _pages() -> Iterator[_Page]:
    after = BEFORE_ALL
    while True:
        with scopes_disabled():
            cases = Case.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "edition")
            page = _Page(after, dict(cases[:A_PAGE]))
        if page.editions:
            yield page
        if len(page.editions) < A_PAGE:
            return
        after = page.last


_Given = Mapping[UUID, list[tuple[str, Mapping[str, object]]]]
"""Case -> by which edition questions were asked, and the value of each."""


def _given(page: _Page) -> _Given:
    answers = Answer.objects.filter(case_id__gt=page.after, case_id__lte=page.last)
    rows: QuerySet[Any, tuple[UUID, str, str]] = (
        answers.filter(value__isnull=False)
        .order_by("case_id")
        .values("case_id", "edition")
        .annotate(given=_ByQuestion("question", _Value("value")))
        .values_list("case_id", "edition", "given")
    )
    found: defaultdict[UUID, list[tuple[str, Mapping[str, object]]]] = defaultdict(list)
    for case_id, asked_by, given in rows:
        found[case_id].append((asked_by, json.loads(given)))
    return found


def _counting(
    given: Collection[tuple[str, Mapping[str, object]]], edition: str | None
) -> Mapping[str, object]:
    """The answers that count, as pages read them: of a case that was moved not all may.

    edition: None for one that is not here, of which nobody can say it.
    """
    if len(given) == 1:
        ((asked_by, values),) = given
        if edition in (None, asked_by):
            return values
    return {
        question: value
        for asked_by, values in given
        for question, value in values.items()
        if edition in (None, asked_by) or counts_under(edition, question, value, asked_by=asked_by)
    }


def _decisions(
    page: _Page, editions: Collection[str], *, with_recorded: bool
) -> Mapping[UUID, list[tuple[str, StoredCase]]]:
    rows = (
        Decision.objects.filter(
            case_id__gt=page.after, case_id__lte=page.last, edition__in=editions
        )
        .order_by("case_id", "number")
        .values_list(
            "case_id", "edition", "number", "answers", *(RECORDED if with_recorded else ())
        )
    )
    found: defaultdict[UUID, list[tuple[str, StoredCase]]] = defaultdict(list)
    for case_id, edition, number, answers, *recorded in rows:
        one = StoredCase(
            CaseName(case_id=str(case_id), decision=number),
            {question: answer["value"] for question, answer in answers.items()},
            Recorded(tuple(recorded[1:]), tuple(recorded[0])) if recorded else None,
        )
        found[case_id].append((edition, one))
    return found
