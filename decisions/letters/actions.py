"""Every write to drafts: keyword-only, atomic, each with one audit event."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from decisions.care_team.queries import coordinator_of
from decisions.cases.case_events import record_case_event
from decisions.cases.models import Case, Decision
from decisions.cases.queries import CASE_WITH_ANSWERS, decisions_of, file_at_once
from decisions.letters.composition import Composition
from decisions.letters.models import Letter, LetterFacts
from decisions.letters.queries import drafts_about, letters_with_context
from decisions.letters.recipients import columns_of, recipient_for
from decisions.patient.queries import corrected_since
from kapnet.core.encryption.blind_index import make_index, write_mirror
from kapnet.core.people.models import Clinic, User
from kapnet.core.web.once import made_by

CARRIED_OVER = (
    *(f"recipient_{name}" for name in ("name", "organization", "address", "phone", "secure_reply")),
    *(
        "copies",
        "request_kind",
        "request_option",
        "request_how_soon",
        "reply_by",
        "reasoning",
        "questions",
        "goals",
    ),
    *(
        "coordinator_name",
        "coordinator_phone",
        "coordinator_what",
        "act_first_done",
        "until_answer",
    ),
    *("next_look_on", "next_look_by", "shared_for_treatment", "authorization"),
    *("part2_consent", "recipient_site"),
)
"""What a correction takes over from the letter that it replaces."""

CORRECTED = "Corrected: {what}"
LONGEST_BECAUSE = 200
"""Characters that the reason of a correction may have."""


HOW_SOON: Mapping[str, str] = {
    "unknown": Letter.HowSoon.NOT_KNOWN,
    "days_safety": Letter.HowSoon.DAYS,
}
"""How soon relief is needed, where the answer has another name in a request."""
NONE_NOW = Decision.Chosen.NONE_NOW


class LetterIsSignedError(Exception):
    """A signed letter cannot be changed; a correction is a new letter."""


class LetterChangedError(Exception):
    """What the letter says is not what the person was looking at."""


@transaction.atomic
def save_facts(
    *, case: Case, actor: User, values: Mapping[str, object], saved_at: datetime | None
) -> None:
    """Store the facts for letters of a case.

    saved_at: when the facts were saved that the person was looking at, None where there were none.
    Raises LetterChangedError when somebody else saved others meanwhile.
    """
    fields = {**values, "saved_at": timezone.now(), "saved_by": actor}
    if saved_at is None:
        try:
            with transaction.atomic():
                LetterFacts.objects.create(case=case, **fields)
        except IntegrityError as error:
            raise LetterChangedError from error
    elif not LetterFacts.objects.filter(case=case, saved_at=saved_at).update(**fields):
        raise LetterChangedError
    record_case_event("letter.facts_saved", case, actor, case.pk)


@transaction.atomic
def start_letter(*, case: Case, actor: User, decision: Decision, once: str | None = None) -> Letter:
    """A draft about this decision, with its choice and reasoning to begin with.

    once: the token of the form. What it started already is given back as it is.

    Recipient and lead are named where there is no doubt. The least is asked: to assess. A letter to
    somebody of the directory who has this part is shared for treatment; its signer confirms that.
    """
    _lock(case)
    if started := made_by(Letter.objects.filter(clinic_id=case.clinic_id), once):
        return started
    site, lead = recipient_for(case, decision.chosen), coordinator_of(case)
    found: dict[str, object] = {}
    if site is not None:
        found |= {"recipient_site": site, "shared_for_treatment": True, **columns_of(site)}
    if lead is not None:
        found["coordinator_name"] = lead.site.colleague.name
        found["coordinator_phone"] = lead.site.phone
    return _start(
        case=case,
        actor=actor,
        decision=decision,
        once=once,
        **begins_with(decision),
        **found,
    )


def begins_with(decision: Decision) -> dict[str, str]:
    """What a letter about this decision asks for and says of it, before anybody changes it."""
    speed = decision.answers.get("speed_needed", {}).get("value", "")
    return {
        "request_kind": "" if decision.chosen == NONE_NOW else Letter.Kind.ASSESS.value,
        "request_option": decision.chosen,
        "request_how_soon": HOW_SOON.get(speed, speed),
        "reasoning": decision.reasoning,
    }


@transaction.atomic
def draft_or_start(
    *, case: Case, actor: User, decision: Decision, another: str | None = None
) -> Letter:
    """The draft that exists about this decision, whoever began it; else one that is started.

    So two presses of one button make one letter. A correction is a letter of its own. another: the
    token of the form that asks for one more; empty where it has none.
    """
    _lock(case)
    found = None if another is not None else drafts_about(decision).first()
    return found or start_letter(case=case, actor=actor, decision=decision, once=another or None)


@transaction.atomic
def start_correction(*, letter: Letter, actor: User) -> Letter:
    """A draft that says what a signed letter says and will replace it: one, however often asked."""
    _lock(letter.case)
    if started := Letter.objects.filter(replaces=letter, status=Letter.Status.DRAFT).first():
        return started
    newest = decisions_of(letter.case).first() or letter.decision
    carried = {name: getattr(letter, name) for name in CARRIED_OVER}
    return _start(
        case=letter.case,
        actor=actor,
        decision=newest,
        replaces=letter,
        replaces_because=_what_was_corrected(letter),
        **carried,
    )


def _what_was_corrected(letter: Letter) -> str:
    """What of the patient was corrected since a letter was signed; empty where nothing was."""
    if letter.signed_at is None:
        return ""
    found = corrected_since(letter.case, letter.signed_at)
    whole = ", ".join(found)
    short = ", ".join(one.partition(" (was ")[0] for one in found)
    said = whole if len(CORRECTED.format(what=whole)) <= LONGEST_BECAUSE else short
    return CORRECTED.format(what=said) if found else ""


def _lock(case: Case) -> None:
    """Letters of a clinic are started one after another."""
    Clinic.objects.select_for_update().get(pk=case.clinic_id)


def _start(*, case: Case, actor: User, decision: Decision, **fields: object) -> Letter:
    year = timezone.localdate().year
    _lock(case)
    used = Letter.objects.filter(clinic_id=case.clinic_id, year=year)
    highest = used.aggregate(highest=Max("sequence"))["highest"]
    letter = Letter.objects.create(
        clinic_id=case.clinic_id,
        case=case,
        decision=decision,
        year=year,
        sequence=(highest or 0) + 1,
        created_by=actor,
        **fields,
    )
    record_case_event("letter.started", case, actor, letter.pk)
    return letter


@transaction.atomic
def save_draft(
    *, letter: Letter, actor: User, values: Mapping[str, object], saved_at: datetime
) -> None:
    """Store what the clinician wrote. saved_at: of the draft that the person was looking at.

    The same text saved twice, as by a change and the button right after it, is no conflict.
    Raises LetterIsSignedError, and LetterChangedError when another text was saved meanwhile.
    """
    fields = {**values, "saved_at": timezone.now()}
    if "copies" in values:
        fields["copies_index"] = make_index(letter.clinic_id, [str(values["copies"])])
    drafts = Letter.objects.filter(pk=letter.pk, status=Letter.Status.DRAFT)
    if not drafts.filter(saved_at=saved_at).update(**fields):
        stored = drafts.first()
        if stored is None:
            raise LetterIsSignedError
        if any(getattr(stored, name) != value for name, value in values.items()):
            raise LetterChangedError
    elif "copies_index" in fields:
        letter.copies_index = fields["copies_index"]
        write_mirror(letter, "copies_index")
    record_case_event("letter.saved", letter.case, actor, letter.pk)


@transaction.atomic
def use_newest_decision(
    *, letter: Letter, actor: User, taking: Collection[str] = (), seen: int | None = None
) -> None:
    """Let a draft rest on the newest decision of its case.

    taking: parts of the letter that are to say what this decision says; all others stay. seen: the
    number of the decision that the person looked at. Raises LetterIsSignedError, and
    LetterChangedError where another decision was recorded meanwhile.
    """
    newest = decisions_of(letter.case)[0]
    if seen is not None and seen != newest.number:
        raise LetterChangedError
    taken = {name: value for name, value in begins_with(newest).items() if name in taking}
    drafts = Letter.objects.filter(pk=letter.pk, status=Letter.Status.DRAFT)
    if not drafts.update(decision=newest, saved_at=timezone.now(), **taken):
        raise LetterIsSignedError
    record_case_event("letter.saved", letter.case, actor, letter.pk)


def compose(letter_id: UUID, sender: User, signed_at: datetime | None = None) -> Composition:
    """The composition of a letter as it is stored now."""
    letter = letters_with_context().get(pk=letter_id)
    file = file_at_once(CASE_WITH_ANSWERS.get(id=letter.case_id))
    return Composition(letter=letter, file=file, sender=sender, signed_at=signed_at)
