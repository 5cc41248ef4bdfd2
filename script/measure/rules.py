"""decide(): microseconds a case, and as a multiple of loading and validating the same case."""

from __future__ import annotations

import json
from statistics import median

import yaml

from decisions.cases.json_lines import read_line
from decisions.rules.engine.decide import decide
from decisions.rules.loading import CURRENT_EDITION, EDITIONS, load_edition
from decisions.rules.questionnaire.answers import Answers
from evidence.loading import load_dossier
from script.measure.rounds import Row, interleave, ratio

VIGNETTES = EDITIONS / CURRENT_EDITION / "vignettes.yaml"


def measure_rules() -> list[Row]:
    """Rows for decide() over all vignettes."""
    edition, evidence = load_edition(), load_dossier()
    questionnaire = edition.questionnaire
    lines = [
        json.dumps({"id": one["id"], "answers": one["answers"]}).encode()
        for one in yaml.safe_load(VIGNETTES.read_text())
    ]
    cases = [read_line(questionnaire, line).answers for line in lines]

    def load() -> None:
        for line in lines:
            read_line(questionnaire, line)

    def decide_all() -> None:
        for answers in cases:
            decide(edition, Answers(questionnaire, answers.values), evidence)

    measured = interleave({"load": (load, 10), "decide": (decide_all, 10)})
    microseconds = median(measured["decide"]) / len(cases) * 1e6
    return [
        Row("decide() with all reasons, a case", f"{microseconds:.0f} µs"),
        Row(
            "decide(), in times of loading and validating the case",
            f"{ratio(measured, 'decide', 'load'):.1f}",
        ),
    ]
