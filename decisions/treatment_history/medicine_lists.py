"""The only reader of an edition's list of medicines, and what it proposes of a case."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import ValidationError

from decisions.cases.case_file import CaseFile
from decisions.rules.engine.medicine_list import MedicineList, problems_of_list
from decisions.rules.loading import folder_of, load_edition
from decisions.treatment_history.models import Kind
from decisions.treatment_history.queries import rows_of
from evidence.strict_yaml import YamlRefused, read_yaml
from kapnet.core.web.guidance import GuidanceUnavailable

FILE = "medicine_list.yaml"


class MedicineListRefused(GuidanceUnavailable, ValueError):
    """A list of medicines that cannot be used; the message says why."""


@cache
def medicine_list(edition_id: str) -> MedicineList:
    """The list of an edition; empty where it has none. Raises MedicineListRefused."""
    if not (folder_of(edition_id) / FILE).is_file():
        return MedicineList()
    try:
        listed = MedicineList.model_validate(read_yaml(folder_of(edition_id) / FILE))
    except (YamlRefused, ValidationError) as error:
        raise MedicineListRefused(f"{FILE}: {error}") from error
    problems = [*problems_of_list(listed, load_edition(edition_id).questionnaire)]
    if listed.edition != edition_id:
        problems.append(f"write edition {edition_id}")
    if problems:
        raise MedicineListRefused(f"{FILE}: {'; '.join(problems)}")
    return listed


def propose(file: CaseFile, question_id: str) -> Mapping[str, tuple[str, ...]]:
    """Value -> the medicines taken now, as written, whose class proposes it for a question."""
    listed = medicine_list(file.edition.id)
    if not listed.speaks_of(question_id):
        return {}
    taken = rows_of(file.case).filter(kind=Kind.MEDICINES)
    return listed.proposed(str(one.values["name"]) for one in taken).get(question_id, {})
