"""A loop over many items hides none that fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from kapnet.core.people.models import Clinic
from tests.collecting import for_each
from tests.factories import make_clinic


def words_of(test: object) -> str:
    with pytest.raises(pytest.fail.Exception) as failed:
        test()  # type: ignore[operator]
    return str(failed.value)


def test_every_item_that_fails_is_named_with_its_message_and_its_place() -> None:
    @for_each("number", [1, 2, 3, 4])
    def is_odd(number: int) -> None:
        assert number % 2 == 1, f"{number} is even"

    words = words_of(is_odd)

    assert words.splitlines()[0] == "2 of 4 failed:"
    assert "\n2: AssertionError: 2 is even" in words
    assert "\n4: AssertionError: 4 is even" in words
    assert "\n1:" not in words
    assert f"at {Path(__file__).name}:" in words


@pytest.mark.parametrize("item", ["breaks", "raises nothing", "skips", "fails"])
def test_whatever_ends_an_item_the_others_are_tried(item: str) -> None:
    tried = []

    @for_each("name", [item, "sound"])
    def check(name: str) -> None:
        tried.append(name)
        match name:
            case "breaks":
                raise KeyError(name)
            case "raises nothing":
                with pytest.raises(KeyError):
                    pass
            case "skips":
                pytest.skip("Not today.")
            case "fails":
                pytest.fail("So it is.")

    words = words_of(check)

    assert tried == [item, "sound"]
    assert words.startswith(f"1 of 2 failed:\n{item}: ")


def test_notes_of_a_problem_are_shown() -> None:
    @for_each("number", [1])
    def check(number: int) -> None:
        problem = ValueError("Odd.")
        problem.add_note("Falsifying example: 1")
        raise problem

    assert "1: ValueError: Odd.\n    Falsifying example: 1\n    at " in words_of(check)


def test_several_values_make_one_item() -> None:
    @for_each(("left", "right"), [(1, 1), (1, 2)], ids=lambda left: f"from {left}")
    def are_equal(left: int, right: int) -> None:
        assert left == right

    assert "from 1: AssertionError: assert 1 == 2" in words_of(are_equal)


def test_items_are_named_as_told() -> None:
    @for_each("number", [1, 2], ids=["the first", "the second"])
    def is_one(number: int) -> None:
        assert number == 1

    assert "\nthe second: AssertionError: assert 2 == 1" in words_of(is_one)


def test_one_loop_in_another_tries_each_with_each() -> None:
    tried = []

    @for_each("left", "ab")
    @for_each("right", "cd")
    def check(left: str, right: str) -> None:
        tried.append(left + right)
        assert right == "c"

    words = words_of(check)

    assert tried == ["ac", "ad", "bc", "bd"]
    assert words.startswith("2 of 2 failed:\na: Failed: 1 of 2 failed:\n    d: AssertionError")


def test_no_item_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="Nothing to try"):
        for_each("name", [])


def test_interrupt_ends_the_loop() -> None:
    @for_each("number", [1, 2])
    def stop(number: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()


@pytest.fixture
def tried() -> Iterator[list[int]]:
    """Holds, once the test is over, every item."""
    found: list[int] = []
    yield found
    assert found == [1, 2]


class TestOfPytest:
    """What pytest makes of such a test."""

    @for_each("number", [1, 2])
    def test_fixtures_are_filled_in_once(self, tried: list[int], number: int) -> None:
        tried.append(number)


@pytest.mark.django_db
@for_each("name", ["One clinic", "Another"], undone=True)
def test_what_an_item_writes_is_taken_back(name: str) -> None:
    assert not Clinic.objects.exists()

    make_clinic(name=name)


@pytest.mark.django_db
def test_broken_statement_of_an_item_keeps_no_other_from_the_database() -> None:
    @for_each("table", ["clinics_clinic", "no_such_table"], undone=True)
    def read(table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table}")  # noqa: S608

    with pytest.raises(pytest.fail.Exception, match="1 of 2 failed:\nno_such_table: "):
        read()
    assert not Clinic.objects.exists()
