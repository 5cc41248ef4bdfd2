"""What a replay finds: differences as data, put down to the rules responsible for them.

No answer and no name of a patient is in here: a case is an id.
"""

from __future__ import annotations

from enum import StrEnum

from decisions.rules.engine.rules import OptionId
from decisions.rules.logic.values import Frozen

NOTHING = "nothing"
"""What leads where no option does."""


class SideName(Frozen):
    """Which rules and evidence a side is. retracted: sources that support nothing there."""

    edition: str
    edition_sha256: str
    evidence_release: str
    evidence_sha256: str
    retracted: tuple[str, ...]


class CaseName(Frozen):
    """A case by its id. decision: the number of a recorded decision; None: the case now."""

    case_id: str
    decision: int | None


class Counted(Frozen):
    """How many: cases as they are now, and recorded decisions."""

    cases: int
    decisions: int


class Aspect(StrEnum):
    """What of an outcome is compared."""

    VERDICT = "verdict"
    BAR = "bar"
    LEADING = "leading"
    ACT_FIRST = "act_first"


class Change(Frozen):
    """One difference. option: None where it is of the whole case.

    before, after: a verdict; the option that leads, or NOTHING; "yes" or "no" for a bar and
    for a notice to act first.
    """

    aspect: Aspect
    option: OptionId | None
    before: str
    after: str


class How(StrEnum):
    """In what way rules are responsible for a difference.

    alone: this rule, put back, undoes it. each: any of these rules does, alone. together: only
    all of these do. no_rule: the rules count alike, and the preference is read otherwise.
    """

    ALONE = "alone"
    EACH = "each"
    TOGETHER = "together"
    NO_RULE = "no_rule"


class Responsible(Frozen):
    """The rules behind a difference, in the order of the rules."""

    how: How
    rules: tuple[str, ...]


class RuleChange(Frozen):
    """How a rule differs between the sides, whatever comes of it.

    what: added, removed, or which of condition, effect, options, bars, weight and support
    differ. weight_before, weight_after: 0 to 3; None where the side has no such rule.
    """

    rule: str
    what: tuple[str, ...]
    weight_before: int | None
    weight_after: int | None


class WhyNot(StrEnum):
    """Why a case was not compared: a question the edition lacks, or an answer it refuses."""

    QUESTION_MISSING = "question_missing"
    ANSWER_REFUSED = "answer_refused"


class NotCompared(Frozen):
    """What kept cases from being compared, and which."""

    edition: str
    question: str
    why: WhyNot
    cases: tuple[CaseName, ...]


class Changed(Frozen):
    """One difference and the cases that have it."""

    change: Change
    cases: tuple[CaseName, ...]


class Group(Frozen):
    """All that the same rules are responsible for. A case may be under several changes."""

    responsible: Responsible
    changes: tuple[Changed, ...]
    counted: Counted


class Differences(Frozen):
    """What a replay found between two sides.

    compared and changed count cases now and recorded decisions; so does `refused`, of those
    that were not compared. recorded_otherwise: decisions that were recorded with other verdicts
    or another lead than the side before gives; they are compared all the same, as it sees them.
    questions_missing and questions_new: what the side before asks and the side after does not,
    and the other way round. groups: the most cases first.
    """

    before: SideName
    after: SideName
    compared: Counted
    changed: Counted
    recorded_otherwise: int
    refused: Counted
    questions_missing: tuple[str, ...]
    questions_new: tuple[str, ...]
    rules: tuple[RuleChange, ...]
    not_compared: tuple[NotCompared, ...]
    groups: tuple[Group, ...]
