"""Why a launch stops: each reason with its status, its words and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final


class Reason(StrEnum):
    """The value goes into the audit log."""

    UNKNOWN_EHR = "the EHR is not on the clinic's list"
    NO_LAUNCH = "the address has no launch"
    NO_ANSWER = "the EHR did not answer"
    UNFIT = "the EHR's answer cannot be used"
    STALE = "no launch waits in this browser"
    STATE = "state is not that of the launch"
    OTHER_ISSUER = "iss is not that of the launch"
    EHR_SAID_NO = "the EHR refused"
    CODE = "the EHR did not take the code"
    TOKEN = "the token cannot be used"  # noqa: S105, words
    IDENTITY = "the identity token was refused"
    OTHER_CLINIC = "the EHR is not of the person's clinic, or was switched off"
    OTHER_PERSON = "the person of the EHR is linked with somebody else"
    TWO_PERSONS = "the account is linked with another person of the EHR"
    NO_PATIENT = "the EHR named no patient"
    OTHER_PATIENT = "the EHR gave another patient than it named"
    BORN = "the date of birth differs"
    OTHER_CASE = "the EHR has the patient of another case open"
    TAKEN_CASE = "the case is of another patient of the EHR"


@dataclass(frozen=True)
class Words:
    """What the page says: first what is, then what to do."""

    status: HTTPStatus
    heading: str
    says: str
    todo: str


START_AGAIN: Final = "Start again from the patient’s record in the EHR."
ASK: Final = "Ask the manager of your clinic, who keeps the list of EHRs in its settings."
NOTHING: Final = "Nothing was opened, and nothing was changed."

WORDS: Final[dict[Reason, Words]] = {
    Reason.UNKNOWN_EHR: Words(
        HTTPStatus.BAD_REQUEST,
        "This EHR is not on your clinic’s list",
        "No request was made to it.",
        ASK,
    ),
    Reason.NO_LAUNCH: Words(
        HTTPStatus.BAD_REQUEST,
        "This is not a launch from an EHR",
        "Its address says neither which EHR nor which launch.",
        START_AGAIN,
    ),
    Reason.NO_ANSWER: Words(
        HTTPStatus.BAD_GATEWAY,
        "The EHR did not answer",
        "Your cases open without it.",
        "Try again in a while from the patient’s record in the EHR.",
    ),
    Reason.UNFIT: Words(
        HTTPStatus.BAD_GATEWAY,
        "The EHR’s answer cannot be used",
        "Your cases open without it.",
        "Tell the manager of your clinic what is written below.",
    ),
    Reason.STALE: Words(
        HTTPStatus.BAD_REQUEST,
        "This launch has ended",
        "It took longer than ten minutes, was used already, or began in another browser.",
        START_AGAIN,
    ),
    Reason.STATE: Words(
        HTTPStatus.BAD_REQUEST,
        "This is not the launch that you began",
        NOTHING,
        START_AGAIN,
    ),
    Reason.OTHER_ISSUER: Words(
        HTTPStatus.BAD_REQUEST,
        "Another system answered than was asked",
        NOTHING,
        "Tell the manager of your clinic.",
    ),
    Reason.EHR_SAID_NO: Words(
        HTTPStatus.FORBIDDEN,
        "The EHR did not allow it",
        NOTHING,
        "Ask who keeps the EHR whether this program is allowed there for you.",
    ),
    Reason.CODE: Words(
        HTTPStatus.BAD_REQUEST,
        "The EHR did not take this launch",
        "It was used already, or took too long.",
        START_AGAIN,
    ),
    Reason.TOKEN: Words(
        HTTPStatus.BAD_GATEWAY,
        "The EHR’s answer cannot be used",
        "It gave no access that this program can use.",
        "Tell the manager of your clinic.",
    ),
    Reason.IDENTITY: Words(
        HTTPStatus.BAD_REQUEST,
        "Who you are in the EHR could not be checked",
        NOTHING,
        "Tell the manager of your clinic what is written below.",
    ),
    Reason.OTHER_CLINIC: Words(
        HTTPStatus.FORBIDDEN,
        "This EHR is not open to you",
        "It is not one of your clinic, or was switched off.",
        ASK,
    ),
    Reason.OTHER_PERSON: Words(
        HTTPStatus.FORBIDDEN,
        "The EHR knows you as somebody else",
        "The person signed in there is linked with another account here.",
        "Sign in here and there as the same person.",
    ),
    Reason.TWO_PERSONS: Words(
        HTTPStatus.FORBIDDEN,
        "Your account is linked with another person of this EHR",
        NOTHING,
        "Sign in there as that person, or let the manager of your clinic remove the link.",
    ),
    Reason.NO_PATIENT: Words(
        HTTPStatus.BAD_REQUEST,
        "The EHR named no patient",
        NOTHING,
        "Open the patient’s record in the EHR, and start from there.",
    ),
    Reason.OTHER_PATIENT: Words(
        HTTPStatus.BAD_GATEWAY,
        "The EHR gave another patient than it named",
        NOTHING,
        "Tell the manager of your clinic.",
    ),
    Reason.BORN: Words(
        HTTPStatus.CONFLICT,
        "The dates of birth differ",
        "The EHR has another date of birth than the case. Nothing was linked or read.",
        "Find out which one is right, and correct it there or under Patient’s details.",
    ),
    Reason.OTHER_CASE: Words(
        HTTPStatus.CONFLICT,
        "The EHR has another patient open",
        "Nothing of this case was read from it.",
        "Start again from the record of this patient in the EHR.",
    ),
    Reason.TAKEN_CASE: Words(
        HTTPStatus.CONFLICT,
        "This case is of another patient of the EHR",
        NOTHING,
        "Choose another case, or open a new one.",
    ),
}


NO_FAULT: Final = frozenset({Reason.NO_ANSWER, Reason.UNFIT})
"""Nobody was refused anything."""
ENDS_ACCESS: Final = frozenset(
    {Reason.OTHER_CLINIC, Reason.OTHER_PERSON, Reason.TWO_PERSONS, Reason.OTHER_PATIENT}
)
"""What the EHR gave is forgotten. After any other reason a person may go on with it."""


class Stop(Exception):
    """A launch ends here. detail: for the page, without a value of a token or of a patient."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason, self.detail = reason, detail

    @property
    def words(self) -> Words:
        """What the page says."""
        return WORDS[self.reason]
