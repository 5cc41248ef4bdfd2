"""Keys are changed while rows are under the old one; afterwards the old one is not needed."""

from __future__ import annotations

from datetime import date
from io import StringIO
from itertools import islice

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_scopes import scopes_disabled
from pytest_django.fixtures import Settings

from decisions.cases.models import Case
from decisions.letters.finding.searching import search_signed
from decisions.letters.models import Letter
from decisions.letters.verification.kept_as_signed import letters_not_as_signed
from decisions.letters.verification.verifying import is_intact
from kapnet.core.encryption.keys import NO_KEY_FITS, UnreadableError, keyring, make_key
from kapnet.core.encryption.rewriting import Stored, rewrite
from kapnet.core.encryption.rotation import renew_everything
from kapnet.core.people.models import User
from kapnet.ready import stop_unless_ready
from tests.decisions.case_factories import clinic_of, make_case
from tests.decisions.letters.stored_letters import make_signed
from tests.kapnet.core.encryption.kept_rows import (
    GUARDED,
    NAME,
    WORD,
    fill_everything,
    is_guarded,
    values_of_everything,
)

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = make_key(), make_key()
CASES = Stored("decisions_case", "id", texts=("patient_name", "date_of_birth"))


@pytest.fixture(autouse=True)
def old_key(settings: Settings) -> None:
    """Rows are written under the old key."""
    settings.DATA_KEYS = [OLD]


def rotate() -> str:
    """What the command says."""
    said = StringIO()
    call_command("data_keys", "rotate", stdout=said)
    return said.getvalue()


def found(words: str, therapist: User) -> list[Letter]:
    with clinic_of(therapist):
        return list(search_signed(words, therapist.membership.clinic_id))


@pytest.mark.both_databases
def test_after_a_rotation_the_old_key_is_not_needed(
    therapist: User, staff: User, settings: Settings
) -> None:
    letter = fill_everything(therapist, staff)
    before = values_of_everything()

    settings.DATA_KEYS = [NEW, OLD]
    during = found(WORD, therapist)
    said = rotate()
    settings.DATA_KEYS = [NEW]

    assert values_of_everything() == before
    assert during == found(WORD, therapist) == [letter]
    with scopes_disabled():
        assert is_intact(Letter.objects.get(pk=letter.pk))
    assert "letters_letter: " in said
    assert "The other keys can be taken out of DATA_KEYS." in said
    settings.DATA_KEYS = [OLD]
    with pytest.raises(UnreadableError):
        values_of_everything()


def test_rotating_again_changes_nothing(therapist: User, staff: User, settings: Settings) -> None:
    fill_everything(therapist, staff)
    settings.DATA_KEYS = [NEW, OLD]
    rotate()

    again = rotate()

    assert "\n0 values are now under the first of 2 keys." in again


@pytest.mark.both_databases
def test_rotation_that_was_cut_off_goes_on(
    therapist: User, staff: User, settings: Settings
) -> None:
    fill_everything(therapist, staff)
    before = values_of_everything()
    settings.DATA_KEYS = [NEW, OLD]
    done = list(islice(renew_everything(), 3))

    rotate()
    settings.DATA_KEYS = [NEW]

    assert sum(one.values for one in done)
    assert values_of_everything() == before


def test_what_somebody_writes_meanwhile_stays(therapist: User, settings: Settings) -> None:
    make_case(therapist, name=NAME, born=date(1984, 3, 14))
    settings.DATA_KEYS = [NEW, OLD]

    def renew_late(token: bytes) -> bytes | None:
        Case.objects.update(patient_name="Written meanwhile")
        return keyring().renew(token)

    with scopes_disabled():
        written = rewrite(connection, CASES, renew_late)
        settings.DATA_KEYS = [NEW]

        case = Case.objects.get()
        assert written == 1
        assert (case.patient_name, case.date_of_birth) == ("Written meanwhile", date(1984, 3, 14))


@pytest.mark.both_databases
def test_signed_letters_and_decisions_stay_guarded(
    therapist: User, staff: User, settings: Settings
) -> None:
    fill_everything(therapist, staff)
    settings.DATA_KEYS = [NEW, OLD]

    rotate()

    assert all(map(is_guarded, GUARDED))


def test_other_keys_are_named_before_anything_is_read(therapist: User, settings: Settings) -> None:
    make_signed(therapist)
    call_command("data_keys", "check")
    settings.DATA_KEYS = [NEW]

    with pytest.raises(CommandError, match="No key of DATA_KEYS opens"):
        call_command("data_keys", "check")
    with pytest.raises(SystemExit, match="No key of DATA_KEYS opens"):
        stop_unless_ready()
    assert list(letters_not_as_signed()) == [NO_KEY_FITS]


def test_missing_key_stops_it_with_a_sentence(therapist: User, settings: Settings) -> None:
    make_case(therapist, name=NAME)
    settings.DATA_KEYS = [NEW]

    with pytest.raises(CommandError, match="a key is missing in DATA_KEYS"):
        rotate()
