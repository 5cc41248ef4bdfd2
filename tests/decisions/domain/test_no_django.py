"""The domain runs without Django: a fresh interpreter that cannot import it decides a case."""

import subprocess
import sys

from decisions.rules.loading import CURRENT_EDITION

PROGRAM = """
import sys

from decisions.rules.loading import CURRENT_EDITION
sys.modules["django"] = None
from decisions.rules.questionnaire.answers import Answers
from decisions.rules.engine.decide import decide
from decisions.rules.loading import load_edition
from evidence.loading import load_dossier
import decisions.rules.engine.answers_in_words, decisions.cases.json_lines
edition = load_edition()
print(decide(edition, Answers.read(edition.questionnaire, {}), load_dossier()).edition)
"""


def test_domain_decides_without_django() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, CURRENT_EDITION, "")
