"""What a letter is made of: the recorded decision, the facts around it, and who writes to whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from decisions.documents.letter.blocks import Block
from decisions.documents.letter.sharing import Consent, ConsentProblem, Sharing
from decisions.documents.letter.treatment_history import History
from decisions.rules.engine.answers_in_words import AnswerInWords
from decisions.rules.engine.outcomes import Finding, Outcome, Verdict
from decisions.rules.engine.rules import OptionId
from decisions.rules.logic.plain_values import Plain, YesNo
from decisions.rules.logic.values import Frozen


class Sender(Frozen):
    """Who writes, and from where. name may be empty on an account that was never filled in."""

    name: Plain
    profession: Plain = ""
    license_number: Plain = ""
    phone: Plain = ""
    secure_reply: Plain = ""
    clinic: Plain = ""
    clinic_address: Plain = ""


class Recipient(Frozen):
    """Who is asked. copies: names of those who get a copy."""

    name: Plain = ""
    profession: Plain = ""
    license_number: Plain = ""
    organization: Plain = ""
    address: Plain = ""
    phone: Plain = ""
    secure_reply: Plain = ""
    copies: Plain = ""
    is_open: bool = True
    """Whether the directory still has them; nobody is asked who was deactivated."""


class Patient(Frozen):
    """Whom it is about, as the clinic knows them."""

    name: Plain
    born: date | None = None
    clinic_number: Plain = ""
    reference: Plain = ""


class Facts(Frozen):
    """What the questionnaire does not ask. trials: one a line, cells parted by semicolons."""

    diagnosis_code: Plain = ""
    specifier: Plain = ""
    diagnosis_by: Plain = ""
    episode_start: Plain = ""
    suicide_method: Plain = ""
    suicide_assessed_on: date | None = None
    safety_plan: YesNo = ""
    means_safety: YesNo = ""
    language: Plain = ""
    accessibility: Plain = ""
    emergency_contact: Plain = ""
    patient_contact: Plain = ""
    allergies: Plain = ""
    medicines: Plain = ""
    trials: Plain = ""
    tms_details: Plain = ""
    earlier_scores: Plain = ""
    medical: Plain = ""
    ptsd: YesNo = ""
    eating_disorder: YesNo = ""
    goals: Plain = ""
    told: Plain = ""
    sheet_given: Plain = ""
    sheet_given_on: date | None = None
    other: Plain = ""
    sex: Plain = ""
    address: Plain = ""
    payer: Plain = ""
    member_number: Plain = ""
    product: Plain = ""


class Request(Frozen):
    """What is asked, for which option, how soon; empty where nothing was chosen yet."""

    kind: Literal["", "assess", "treat", "advise"] = ""
    option: Literal["", "ketamine", "repeat_tms", "both", "none_now"] = ""
    how_soon: Literal["", "days", "weeks", "can_wait", "not_known"] = ""
    reply_by: date | None = None

    @property
    def is_complete(self) -> bool:
        """Whether all three parts of the sentence are chosen."""
        return bool(self.kind and self.option and self.how_soon)


class Plan(Frozen):
    """What only the clinician can write: reasoning, who leads, what was done, the next look."""

    reasoning: Plain = ""
    questions: Plain = ""
    coordinator_name: Plain = ""
    coordinator_phone: Plain = ""
    coordinator_what: Plain = ""
    act_first_done: Plain = ""
    until_answer: Plain = ""
    stricter_because: Plain = ""
    next_look_on: date | None = None
    next_look_by: Plain = ""


class FollowUp(Frozen):
    """How a positive item 9 was followed up: the documented assessment that closed its task."""

    closed_on: date
    assessment: Plain
    agreed: Plain


class Decided(Frozen):
    """A decision as it was recorded. answers: plain values of the decide contract."""

    number: int
    recorded_on: date
    outcome: Outcome
    answers: Mapping[str, object]
    assessed_on: Mapping[str, date]
    in_words: tuple[AnswerInWords, ...]


class Issue(Frozen):
    """The letter as a piece of paper: number, day, what it replaces and why, when it was signed.

    moment: signed_at as printed. code, check_at, reply_code, reply_at: by what and where it is
    checked and answered; a draft has none but reply_at. sources_at: of all sources. invented: demo.
    """

    number: str
    written_on: date
    replaces: str = ""
    replaces_because: Plain = ""
    signed_at: datetime | None = None
    moment: str = ""
    code: str = ""
    check_at: str = ""
    sources_at: str = ""
    reply_at: str = ""
    reply_code: str = ""
    invented: str = ""


class Stricter(Frozen):
    """What a later edition, which was released since, holds back with the same answers.

    verdicts: option and verdict under it. urgent: sentences to act on first, only under it.
    """

    edition: str
    released_on: date
    verdicts: tuple[tuple[OptionId, Verdict], ...]
    urgent: tuple[str, ...]


class Reference(Frozen):
    """Where a source can be found. Empty where the evidence does not say."""

    journal: str = ""
    year: int | None = None
    doi: str = ""


class PlanOfDays(Frozen):
    """The plan of days of the case, as the annex prints it."""

    block: Block
    is_sequence: bool
    """Whether one treatment has all its days before the other."""


class Reader(StrEnum):
    """For whom the letter is: each gets the annex that this reader needs."""

    PRESCRIBER = "prescriber"
    TMS_PROVIDER = "tms_provider"
    BOTH = "both"
    COLLEAGUE = "colleague"


READERS: Mapping[str, Reader] = {
    "ketamine": Reader.PRESCRIBER,
    "repeat_tms": Reader.TMS_PROVIDER,
    "both": Reader.BOTH,
}
"""Option asked for -> reader; anything else, and a request for advice, goes to a colleague."""


class LetterMaterial(Frozen):
    """Everything that a letter says, before it has words."""

    decided: Decided
    sender: Sender
    recipient: Recipient
    patient: Patient
    facts: Facts
    request: Request
    plan: Plan
    issue: Issue
    follow_up: FollowUp | None = None
    has_open_safety_task: bool = False
    urgent_now: tuple[Finding, ...] = ()
    """Act-first rules that are true today, besides those of the decision."""
    measured_now: Mapping[str, tuple[Plain, ...]] = {}
    """Act-first sentence of today -> the answers that it rests on, in words with their days."""
    withdrawn: tuple[str, ...] = ()
    """Names of sources that the decision cites and that were withdrawn since."""
    ended: Mapping[str, Plain] = {}
    """Source -> what a sentence that rests on it says, once its last day is past."""
    references: Mapping[str, Reference] = {}
    """Source -> where it was published."""
    plan_of_days: PlanOfDays | None = None
    sharing: Sharing = Sharing()
    history: History = History()
    left_out: tuple[str, ...] = ()
    """Questions whose answers may not leave; `decided` is already without them."""
    stricter: Stricter | None = None
    """As far as it follows from answers that may leave."""
    is_judged_stricter: bool = False
    """Whether a later edition is stricter, by all answers."""
    can_leave_out: bool = True
    """Whether the decision rests on the evidence of today: only then it can be made again."""

    @property
    def act_first(self) -> tuple[Finding, ...]:
        """Every act-first sentence, of the decision and of today, each once."""
        every = (*self.decided.outcome.urgent, *self.urgent_now)
        return tuple({one.because: one for one in every}.values())

    @property
    def asks_for_two_treatments(self) -> bool:
        """Whether two treatments would run together: both, or ketamine while TMS is under way."""
        under_way = self.decided.answers.get("tms_now") == "yes"
        return self.request.option == "both" or (self.request.option == "ketamine" and under_way)

    @property
    def printed_plan(self) -> Block | None:
        """The plan of days, where the letter asks for both treatments or for one of a sequence."""
        if self.plan_of_days is None:
            return None
        is_one = self.plan_of_days.is_sequence and self.request.option in ("ketamine", "repeat_tms")
        return self.plan_of_days.block if self.asks_for_two_treatments or is_one else None

    @property
    def reader(self) -> Reader:
        """For whom the letter is, by what it asks for."""
        if self.request.kind == "advise":
            return Reader.COLLEAGUE
        if self.asks_for_two_treatments:
            return Reader.BOTH
        return READERS.get(self.request.option, Reader.COLLEAGUE)

    @property
    def withholds_substance_use(self) -> bool:
        """Whether answers on substance use may not leave with this letter."""
        if not self.sharing.needs_part2_consent or self.sharing.leaves_in_emergency:
            return False
        consent = self.sharing.part2_consent
        return consent is None or self.problem_of_part2_consent is not None

    @property
    def problem_of_part2_consent(self) -> ConsentProblem | None:
        """Why the chosen consent under 42 CFR Part 2 does not reach this letter."""
        return self._problem(self.sharing.part2_consent, substance_use=True)

    @property
    def problem_of_authorization(self) -> ConsentProblem | None:
        """Why the chosen authorization does not reach this letter."""
        return self._problem(self.sharing.authorization, substance_use=False)

    def _problem(self, consent: Consent | None, *, substance_use: bool) -> ConsentProblem | None:
        if consent is None:
            return None
        return consent.problem(
            names=(self.recipient.organization, self.recipient.name),
            has_copies=bool(self.recipient.copies),
            on=self.issue.written_on,
            substance_use=substance_use,
        )

    @property
    def asks_for_none_now(self) -> bool:
        """Whether neither ketamine nor TMS is asked for."""
        return self.request.option == "none_now"
