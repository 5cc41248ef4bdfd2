"""Start-up checks: every edition in the project is whole and sound (ids decisions.E…)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from decisions.loading import EDITIONS, EditionRefused, load_edition


@register()
def check_editions(app_configs: object, **kwargs: Any) -> Sequence[CheckMessage]:
    """One error for each fault of each edition, with the file, the place and the mend."""
    errors: list[CheckMessage] = []
    for folder in sorted(path for path in EDITIONS.iterdir() if path.is_dir()):
        try:
            load_edition(folder.name)
        except EditionRefused as refused:
            errors += [
                Error(
                    f"Edition {folder.name}, {problem.file}, {problem.where}: {problem.what}.",
                    hint=f"{problem.mend}.",
                    id=problem.fault,
                )
                for problem in refused.problems
            ]
    return errors
