"""An edition is released by one act: proved first, written down with its hashes, never twice."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from decisions.cases.checks import check_released_editions
from decisions.cases.edition import releasing
from decisions.cases.edition.releasing import EditionNotReleased, release_edition
from decisions.cases.models import EditionRelease
from decisions.documents.digest import words_sha256
from decisions.rules.loading import folder_of, load_edition
from evidence.loading import load_dossier
from kapnet.core.audit.models import Event
from kapnet.core.people.models import User
from tests.decisions.edition_releases import BY_EXHAUSTION, keep_proof, make_released
from tests.decisions.live_editions import (
    EARLIER,
    LATER,
    Files,
    change_file,
    forget_editions,
    with_review,
)
from tests.decisions.rules.proof.proved_once import prove_once
from tests.evidence.evidence_factories import load_own_dossier

Live = Callable[[Files], Path]
pytestmark = pytest.mark.django_db

OLDER = with_review("ketamine-review-older", {"at_least": {"age_years": 75}}, "ketamine")


@pytest.fixture(autouse=True)
def _dossier() -> None:
    load_own_dossier()


@pytest.fixture(autouse=True)
def _one_proof_of_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasing, "prove", prove_once)


def release(by: User, edition_id: str = LATER) -> EditionRelease:
    return release_edition(edition_id=edition_id, by=by, methods=BY_EXHAUSTION)


def drop_rule(rule_id: str) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        raw["rules"] = [one for one in raw["rules"] if one["id"] != rule_id]

    return change


@pytest.mark.slow
def test_proved_edition_is_released_with_both_hashes_and_day_as_it_was_proved(
    live: Live, evidence_admin: User
) -> None:
    live(OLDER)
    keep_proof()
    proved = load_edition(LATER).rules[0].because

    change_because("In other words.")
    with pytest.raises(EditionNotReleased, match="of other files"):
        release(evidence_admin)

    change_because(proved)
    made = release(evidence_admin)
    event = Event.objects.get(action="edition.released")
    assert (made.edition_sha256, made.words_sha256) == (
        load_edition(LATER).sha256,
        words_sha256(LATER),
    )
    assert (made.evidence_release, made.released_by) == (load_dossier().release, evidence_admin)
    assert (event.object_id, event.actor, event.clinic) == (LATER, evidence_admin, None)


def change_because(words: str) -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["rules"][0].update(because=words)

    change_file(folder_of(LATER), "rules.yaml", change)


@pytest.mark.slow
def test_edition_that_breaks_a_claim_is_not_released(live: Live, evidence_admin: User) -> None:
    live(OLDER)
    change_file(folder_of(LATER), "rules.yaml", drop_rule("ketamine-stop-heart"))
    change_file(
        folder_of(LATER), "letter.yaml", lambda raw: raw["findings"].pop("ketamine-stop-heart")
    )
    keep_proof()

    with pytest.raises(EditionNotReleased, match=r"It is not proved: .*hold"):
        release(evidence_admin)

    assert not EditionRelease.objects.exists()


def test_edition_without_a_kept_proof_is_not_released(live: Live, evidence_admin: User) -> None:
    live(OLDER)

    with pytest.raises(EditionNotReleased, match=f"manage.py prove {LATER} --write"):
        release(evidence_admin)


def test_edition_that_is_not_here_or_has_faults_is_not_released(
    live: Live, evidence_admin: User
) -> None:
    live(OLDER)
    with pytest.raises(EditionNotReleased, match=r"no edition 2050\.1"):
        release(evidence_admin, "2050.1")

    change_file(folder_of(LATER), "letter.yaml", lambda raw: raw["findings"].clear())
    with pytest.raises(EditionNotReleased, match="findings"):
        release(evidence_admin)


@pytest.mark.parametrize("edition_id", [EARLIER, LATER])
def test_nothing_is_released_twice_or_after_a_later_one(
    live: Live, evidence_admin: User, edition_id: str
) -> None:
    live(OLDER)
    make_released()

    with pytest.raises(EditionNotReleased, match=f"Edition {LATER} was released on"):
        release(evidence_admin, edition_id)


def test_edition_that_is_not_as_it_was_released_is_named(live: Live) -> None:
    live(OLDER)
    make_released()
    before = check_released_editions(None, databases=["default"])

    change_because("Otherwise.")
    [changed] = check_released_editions(None, databases=["default"])
    shutil.rmtree(folder_of(LATER))
    forget_editions()
    [gone] = check_released_editions(None, databases=["default"])

    assert list(before) == []
    assert LATER in str(changed.msg)
    assert (changed.id, gone.id) == ("decisions.E020", "decisions.E020")


# The command


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("release_edition", *arguments, stdout=out)
    return out.getvalue()


def test_command_asks_for_an_evidence_admin_or_owner(live: Live, therapist: User) -> None:
    live(OLDER)

    with pytest.raises(CommandError, match="no evidence admin or owner") as refused:
        command(LATER, "--by", therapist.email)

    assert refused.value.returncode == 2
    assert not EditionRelease.objects.exists()


def test_command_says_why_nothing_was_released(live: Live, evidence_admin: User) -> None:
    live(OLDER)

    with pytest.raises(CommandError, match=r"Not released\. edition 2026\.99 has no proof report"):
        command(LATER, "--by", evidence_admin.email)


def test_command_called_again_tells_how_far_it_is(live: Live, evidence_admin: User) -> None:
    live(OLDER)
    make_released(by=evidence_admin)

    waiting = command(LATER, "--by", evidence_admin.email)
    done = command(LATER, "--by", evidence_admin.email, "--here")

    assert "looked at: 0 (so far)" in waiting
    assert "looked at: 0 (all)" in done
    assert EditionRelease.objects.get().evaluated_at is not None
