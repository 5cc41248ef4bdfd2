"""The only reader of the guide: its YAML in, a frozen guide out, anything odd refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import ValidationError

from evidence.guide.model import Guide
from evidence.strict_yaml import YamlRefused, read_yaml

GUIDE = Path(__file__).parent / "guide.yaml"


class GuideRefused(ValueError):
    """A guide that cannot be used; the message names what is wrong."""


@cache
def load_guide() -> Guide:
    """The project's own guide. Raises GuideRefused."""
    return read_guide(GUIDE)


def read_guide(path: Path) -> Guide:
    """The guide in a file. Raises GuideRefused."""
    try:
        return Guide.model_validate(read_yaml(path))
    except YamlRefused as error:
        raise GuideRefused(str(error)) from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, one['loc']))} {one['msg'].removeprefix('Value error, ')}".strip()
            for one in error.errors(include_url=False)
        )
        raise GuideRefused(f"{path.name}: {faults}") from error
