"""What of the database belongs to a clinic and goes along with it, and what stays, with the reason.

Every model of the program is named here: one that is not is left behind, and a test fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db.models import Field, ForeignKey, Model

from kapnet.core.encryption.blind_index import BlindIndexField
from kapnet.core.web.once import OnceField

CASE: Final = "decisions.case"
LETTER: Final = "letters.letter"
PERSON: Final = "clinics.user"
RELEASE: Final = "evidence.release"
EDITION: Final = "decisions.editionrelease"
EVENT: Final = "audit.event"

OF_A_CASE: Final = (
    CASE,
    "decisions.safetytask",
    "decisions.answer",
    "decisions.editionmove",
    "decisions.decision",
    "letters.letterfacts",
    "consents.consent",
    "consents.substancesource",
    LETTER,
    "letters.seal",
    "letters.emergencydisclosure",
    "letters.lettertask",
    "plan.storedplan",
    "history.historyrow",
    "history.nothingof",
    "team.teammember",
    "patient.patientcorrection",
    "patient.patientneeds",
    "life.lifestep",
    "form_links.contact",
    "form_links.formlink",
    "form_links.proposal",
    "follow_up.assessment",
    "follow_up.course",
    "follow_up.adverseevent",
    "follow_up.followupend",
    "follow_up.dueform",
    "desk.delivery",
    "desk.deliverystep",
    "desk.replylink",
    "desk.reply",
    "emergency.emergencyaccess",
    "emergency.emergencystep",
    "reminders.reminder",
    "reminders.done",
    "received.received",
    "received.proposedanswer",
)
"""They hang on a case, by keys that are never empty."""

OF_THE_CLINIC: Final = (
    "clinics.clinic",
    "clinics.membership",
    "directory.colleague",
    "directory.site",
    "phrases.phrase",
    "follow_up.cohortreport",
    "life.deletion",
    "emergency.emergencysearch",
)

OF_THE_INSTALLATION: Final = (RELEASE, EDITION)
"""Of these, what cases and letters name."""

APART: Final = (PERSON, EVENT)
"""They have files of their own."""

SIGN_IN, EVIDENCE = "how people sign in", "evidence of the installation, not of a clinic"
MADE_AGAIN, OF_A_RUN = "made again from what goes along", "of a run of the program"

STAYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            *("sessions.session", "account.emailaddress", "account.emailconfirmation"),
            *("mfa.authenticator", "auth.group", "auth.permission"),
        ),
        SIGN_IN,
    ),
    **dict.fromkeys(
        (
            *("evidence.feedaddress", "digest.subscription", "digest.sentdigest"),
            *("evidence.searchindex", "evidence.searchterm", "retractions.retractioncheck"),
            *("evidence.result", "evidence.source", "evidence.position", "evidence.caution"),
            *("evidence.cautionsource", "evidence.claim", "evidence.claimsource"),
            *("evidence.historicalresult", "evidence.historicalsource"),
            *("evidence.historicalposition", "evidence.historicalcaution"),
            *("evidence.historicalcautionsource", "evidence.historicalclaim"),
            *("evidence.historicalclaimsource", "curation.change", "curation.changestep"),
            *("curation.changecomment", "curation.reading", "curation.releasedraft"),
            "curation.importfile",
        ),
        EVIDENCE,
    ),
    **dict.fromkeys(
        ("decisions.namedigest", "letters.copydigest", "audit.link", "audit.notedhead"), MADE_AGAIN
    ),
    "audit.owedevent": "becomes an event first",
    **dict.fromkeys(("desk.export", "desk.exportitem"), "files of letters that go along"),
    **dict.fromkeys(
        (
            *("admin.logentry", "contenttypes.contenttype", "django_tasks_database.dbtaskresult"),
            *("exit.exit", "exit.exitpart", "exit.bulkjob", "exit.bulkfile"),
        ),
        OF_A_RUN,
    ),
    **dict.fromkeys(
        (
            *("clients.apiclient", "clients.agreement", "clients.accesstoken"),
            *("clients.usedassertion", "cds.showncard", "cds.cardfeedback"),
            *("smart.ehrissuer", "smart.ehridentity", "smart.ehrpatient"),
        ),
        "of other programs, which are let in again where the clinic goes",
    ),
    **dict.fromkeys(("exit.enteredchain", "exit.enteredlink"), "goes along with the audit log"),
}
"""model -> why it stays."""

SECRET: Final[Mapping[str, frozenset[str]]] = {
    PERSON: frozenset({"password", "last_login", "is_superuser", "is_staff", "is_evidence_admin"}),
    "form_links.formlink": frozenset({"token_sha256", "held_sha256", "held_from", "held_until"}),
    "desk.replylink": frozenset({"code_sha256"}),
}
"""model -> fields that never leave: passwords, rights over an installation, secrets of links."""

OWN_FILES: Final[Mapping[str, frozenset[str]]] = {LETTER: frozenset({"pdf"})}
"""model -> fields that are files of their own."""


@dataclass(frozen=True)
class Table:
    """One model, its columns that go along, and how a row leads to its case or clinic."""

    label: str
    model: type[Model]
    fields: tuple[Field[Any, Any], ...]
    owner: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names, as rows of the file have them."""
        return tuple(one.attname for one in self.fields)

    @property
    def key(self) -> str:
        """The column that tells rows apart."""
        return str(self.model._meta.pk.attname)

    @property
    def people(self) -> tuple[int, ...]:
        """The places of columns that name a person."""
        person = apps.get_model(PERSON)
        return tuple(at for at, one in enumerate(self.fields) if one.related_model is person)


@cache
def table(label: str) -> Table:
    """The table of a model that goes along."""
    model = apps.get_model(label)
    hidden = SECRET.get(label, frozenset()) | OWN_FILES.get(label, frozenset())
    fields = tuple(
        one
        for one in model._meta.concrete_fields
        if one.name not in hidden and not isinstance(one, (BlindIndexField, OnceField))
    )
    return Table(label, model, fields, _way_to_owner(label, model))


def _way_to_owner(label: str, model: type[Model]) -> str:
    if label in (CASE, "clinics.clinic", *OF_THE_INSTALLATION, *APART):
        return "pk"
    target = CASE if label in OF_A_CASE else "clinics.clinic"
    way = _way(model, apps.get_model(target))
    if way is None:
        raise LookupError(f"No key leads from {label} to {target}.")
    return way


def _way(model: type[Model], target: type[Model]) -> str | None:
    """The shortest way by keys that are never empty, as Django writes it."""
    waiting: list[tuple[type[Model], tuple[str, ...]]] = [(model, ())]
    for here, so_far in waiting:
        for key in here._meta.concrete_fields:
            if not isinstance(key, ForeignKey) or key.null or key.related_model in (here, model):
                continue
            if key.related_model is target:
                return "__".join((*so_far, key.name))
            if len(so_far) < len(OF_A_CASE):
                waiting.append((key.related_model, (*so_far, key.name)))
    return None


def unnamed_models() -> list[str]:
    """Models of the program of which nobody said whether they go along."""
    named = {*OF_A_CASE, *OF_THE_CLINIC, *OF_THE_INSTALLATION, *APART, *STAYS}
    return sorted({one._meta.label_lower for one in apps.get_models()} - named)
