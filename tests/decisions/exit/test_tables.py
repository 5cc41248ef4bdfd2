"""What goes along and what stays: every model of the program is one or the other."""

from __future__ import annotations

from decisions.exit.rows import as_line, as_object, written
from decisions.exit.tables import (
    APART,
    OF_A_CASE,
    OF_THE_CLINIC,
    OF_THE_INSTALLATION,
    STAYS,
    table,
    unnamed_models,
)
from kapnet.core.accounts.walls.row_security import walled_models

ALONG = (*OF_A_CASE, *OF_THE_CLINIC, *OF_THE_INSTALLATION, *APART)


def test_every_model_is_named_once() -> None:
    assert unnamed_models() == []
    assert len(ALONG) == len(set(ALONG))
    assert not set(ALONG) & set(STAYS)


def test_what_belongs_to_a_clinic_goes_along_or_says_why_not() -> None:
    walled = {model._meta.label_lower for model in walled_models()}

    assert walled - set(ALONG) - set(STAYS) == set()
    assert all(STAYS[one] for one in STAYS)


def test_no_column_that_goes_along_sounds_like_a_secret() -> None:
    """One that is none is named here, after somebody has looked."""
    sounds = ("password", "secret", "token", "_sha256", "key", "held", "superuser", "staff")
    no_secrets = {
        *(
            "received.received.identifier_sha256",
            "letters.letter.pdf_sha256",
            "letters.letter.words_sha256",
        ),
        *("letters.seal.content_sha256", "letters.lettertask.entry_key"),
        *("letters.lettertask.source_key", "reminders.reminder.key", "reminders.done.key"),
        *("decisions.decision.edition_sha256", "decisions.decision.words_sha256"),
        *("decisions.decision.evidence_sha256", "decisions.editionrelease.edition_sha256"),
        *("decisions.editionrelease.words_sha256", "decisions.editionrelease.evidence_sha256"),
    }

    found = {
        f"{label}.{column}"
        for label in ALONG
        for column in table(label).columns
        if any(one in column for one in sounds)
    }

    assert found - no_secrets == set()


def test_line_of_a_row_and_row_of_a_line() -> None:
    of = table("clinics.clinic")
    row = as_object(of, {"id": "6f1c7f0e-9c1c-4f0e-8b0e-0123456789ab", "name": "Z\u00fcrich"})

    line = as_line(of, [getattr(row, one) for one in of.columns])

    assert line["row"]["name"] == "Zürich"
    assert line["row"]["kept_years"] == 7
    assert as_object(of, line["row"]).pk == row.pk
    assert written(line) == written(line)
