"""The reader of short_path.yaml of an edition."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from decisions.rules.engine.edition import EditionProblem, Fault
from decisions.rules.engine.short_path_plan import ShortPathPlan
from evidence.strict_yaml import YamlRefused, read_yaml

FILE = "short_path.yaml"


def read_short_path(folder: Path) -> tuple[ShortPathPlan, list[EditionProblem]]:
    """The short path of an edition with what is wrong with its file.

    One without the file leaves nothing to anybody.
    """
    if not (folder / FILE).is_file():
        return ShortPathPlan(), []
    try:
        return ShortPathPlan.model_validate(read_yaml(folder / FILE)), []
    except (YamlRefused, ValidationError) as error:
        problem = EditionProblem(
            fault=Fault.UNREADABLE,
            file=FILE,
            where="the file",
            what=str(error),
            fix="See the header of the file for what is allowed here",
        )
        return ShortPathPlan(), [problem]
