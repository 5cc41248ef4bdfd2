"""Start-up checks: every edition in the project is whole and sound (ids decisions.E…, words.E…)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connection
from django.db.models import Model

from decisions.cases.edition.new_episode import what_holds
from decisions.cases.models import EditionRelease
from decisions.documents.letter.loading import WordingRefused, load_words
from decisions.documents.words.edition_words import problems_between
from decisions.documents.words.reading import WordsRefused, result_words
from decisions.rules.loading import CURRENT_EDITION, EditionRefused, edition_ids, load_edition
from decisions.rules.question_names import QuestionNamesError, question_names
from evidence.loading import DossierRefused


def check_each_edition(
    load: Callable[[str], object], refused: type[Exception], check_id: str
) -> list[CheckMessage]:
    """For an app that reads a file of each edition: an error where the file is refused."""
    errors: list[CheckMessage] = []
    for edition_id in edition_ids():
        try:
            load(edition_id)
        except refused as error:
            told = f"Edition {edition_id}, {error}"
            errors.append(Error(told, hint="Correct the file named.", id=check_id))
        except (EditionRefused, DossierRefused):
            continue  # decisions.E… and evidence.E… name what is wrong with those
    return errors


def check_editions(app_configs: object, **kwargs: Any) -> Sequence[CheckMessage]:
    """One error for each fault of each edition, with the file, the place and the fix."""
    errors: list[CheckMessage] = []
    for edition_id in edition_ids():
        try:
            load_edition(edition_id)
        except EditionRefused as refused:
            errors += [
                Error(
                    f"Edition {edition_id}, {problem.file}, {problem.where}: {problem.what}.",
                    hint=f"{problem.fix}.",
                    id=problem.fault,
                )
                for problem in refused.problems
            ]
    return errors


def check_words_of_editions(app_configs: object, **kwargs: Any) -> Sequence[CheckMessage]:
    """words.E001: words of an edition cannot be used, or pages and letters use different ones."""
    errors: list[CheckMessage] = []
    for edition_id in edition_ids():
        try:
            question_names(edition_id)
            problems = [*problems_between(result_words(edition_id), load_words(edition_id))]
            if edition_id == CURRENT_EDITION:
                what_holds(edition_id)
        except (WordsRefused, QuestionNamesError) as refused:
            problems = [str(refused)]
        except (EditionRefused, WordingRefused):
            continue  # decisions.E… and letters.E… name what is wrong with those
        errors += [
            Error(
                f"Edition {edition_id}, {problem}",
                hint="Correct the file named.",
                id="words.E001",
            )
            for problem in problems
        ]
    return errors


def check_released_editions(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: Any
) -> Sequence[CheckMessage]:
    """decisions.E020: a released edition is gone, or its files are not those that were released."""
    if not databases or not _has_table(EditionRelease):
        return []
    return [
        Error(
            f"Edition {one.edition} is not as it was released.",
            hint="Restore its files. What has to change becomes another edition.",
            id="decisions.E020",
        )
        for one in EditionRelease.objects.order_by("released_at")
        if not _is_as_released(one)
    ]


def _has_table(model: type[Model]) -> bool:
    """An installation is checked before its first migration, too."""
    return model._meta.db_table in connection.introspection.table_names()


def _is_as_released(release: EditionRelease) -> bool:
    try:
        return load_edition(release.edition).sha256 == release.edition_sha256
    except (EditionRefused, OSError):
        return False
