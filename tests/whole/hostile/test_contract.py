"""`manage.py decide` answers every line it is given, whatever the line is."""

from __future__ import annotations

import json
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import example, given
from hypothesis import strategies as st

from decisions.rules.loading import load_edition
from decisions.rules.questionnaire.questionnaire import QuestionType
from tests.rounds import hostile
from tests.whole.hostile.values import texts

pytestmark = pytest.mark.django_db

numbers = st.one_of(
    st.integers(), st.floats(), st.sampled_from([10**30, -(10**400), 1e308, 42.0, 1e-400])
)
"""Whole ones of any size, and what JSON writes as NaN and Infinity."""
values: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts.map(lambda text: text[:5000])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
scores = st.fixed_dictionaries(
    {},
    optional={
        "items": st.lists(st.integers(-1, 4) | values, max_size=11) | values,
        "total": st.integers(-1, 28) | values,
        "item9": st.integers(-1, 4) | values,
        "more": values,
    },
)


def _answers() -> Any:
    """Answers to some questions, each admissible or anything."""
    possible = {}
    for question in load_edition().questionnaire.questions:
        fit: Any = st.sampled_from([None, "unknown", *(one.value for one in question.choices)])
        match question.type:
            case QuestionType.INTEGER:
                fit = st.integers(question.min, question.max)
            case QuestionType.CHOICES:
                fit = st.lists(fit, max_size=4)
            case QuestionType.INSTRUMENT:
                fit = scores
        possible[question.id] = st.one_of(fit, fit, fit, values)
    return st.fixed_dictionaries({}, optional=possible)


well_meant = st.fixed_dictionaries({"id": values, "answers": st.deferred(_answers)}, optional={})
odd = st.fixed_dictionaries({"answers": values}, optional={"id": values, "more": values})
lines = st.one_of(
    st.one_of(well_meant, odd, values).map(lambda line: json.dumps(line).encode()),
    st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"")),
)


@hostile(examples=20)
@given(st.lists(lines, min_size=1, max_size=6), st.booleans(), st.booleans())
@example([b'{"answers": {}, "id": ' + b"[" * 990 + b"]" * 990 + b"}"], False, False)
@example([b'{"answers": {}, "id": ' + b'{"a":' * 980 + b"1" + b"}" * 980 + b"}"], False, False)
@example([b'{"answers": ' + b"[" * 100_000], False, False)
@example([b'{"id": 1' + b"0" * 4400 + b', "answers": {}}'], False, False)
@example([b'{"answers": {"age_years": 1' + b"0" * 4200 + b"}}"], True, False)
def test_every_line_has_its_answer(
    tmp_path_factory: pytest.TempPathFactory, given_lines: list[bytes], explain: bool, changes: bool
) -> None:
    file = tmp_path_factory.getbasetemp() / "lines.jsonl"
    file.write_bytes(b"\n".join(given_lines))
    written = StringIO()

    with suppress(CommandError):
        call_command("decide", str(file), explain=explain, changes=changes, stdout=written)

    if explain:
        return
    answered = [json.loads(line) for line in written.getvalue().splitlines()]
    assert len(answered) == sum(bool(line.strip()) for line in given_lines)
    assert all("options" in one or one["errors"] for one in answered)
