"""Keys that are keys, and what is said of those that are not."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from pytest_django.fixtures import Settings

from kapnet.core.encryption.keys import DataKeyProblem, UnreadableError, make_key, read_keys
from kapnet.core.encryption.values import open_value, seal_value
from kapnet.ready import stop_unless_ready
from tests.collecting import for_each

ONE, OTHER = make_key(), make_key()


@for_each("key", ["", "short", "ü" * 43, "A" * 43, "A" * 86, f"!{'A' * 42}="])
def test_what_is_no_key_is_refused_without_quoting_it(key: str) -> None:
    with pytest.raises(DataKeyProblem) as refused:
        read_keys((ONE, key))

    assert "Key 2 of DATA_KEYS" in str(refused.value)
    assert not key or key not in str(refused.value)


def test_each_key_reads_and_the_first_writes() -> None:
    token = read_keys((OTHER,)).encrypt(b"words")

    both = read_keys((ONE, OTHER))

    assert both.decrypt(token) == b"words"
    assert read_keys((ONE,)).decrypt(both.encrypt(b"words")) == b"words"
    with pytest.raises(UnreadableError):
        read_keys((ONE,)).decrypt(token)


def test_index_is_made_with_keys_of_its_own() -> None:
    keys = read_keys((ONE, OTHER))

    assert len({*keys.index_keys, ONE.encode(), OTHER.encode()}) == 4


def test_value_of_a_session_is_gone_with_its_key(settings: Settings) -> None:
    settings.DATA_KEYS = [ONE]
    kept = seal_value({"path": "/cases/new/", "fields": [["patient_name", "Quillfeather"]]})

    opened = open_value(kept)
    settings.DATA_KEYS = [OTHER]

    assert opened["fields"] == [["patient_name", "Quillfeather"]]
    assert open_value(kept) is None
    assert "Quill" not in kept


def test_check_names_a_key_that_is_none(settings: Settings) -> None:
    settings.DATA_KEYS = ["no key"]

    assert [one.id for one in run_checks() if one.is_serious()] == ["at_rest.E001"]


def test_deploy_check_and_server_ask_for_a_key(settings: Settings) -> None:
    settings.DATA_KEYS = []

    found = [one.id for one in run_checks(include_deployment_checks=True)]

    assert "at_rest.E001" in found
    with pytest.raises(SystemExit, match="DATA_KEYS is not set"):
        stop_unless_ready()


def test_command_prints_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("data_keys", "make")

    read_keys((capsys.readouterr().out.strip(),))
