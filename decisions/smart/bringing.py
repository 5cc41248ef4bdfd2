"""From what the EHR says to proposals beside the answers of a case. It answers nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from decisions.cases.case_columns import CaseClosedError
from decisions.cases.forms import NewCaseForm
from decisions.cases.models import Answer, Case
from decisions.cases.patients import Details
from decisions.documents.letter.partial_date import say_partial
from decisions.fhir.observed.codes import observed_codes
from decisions.fhir.observed.item9 import Alone, item9_alone
from decisions.fhir.observed.proposed import Proposed
from decisions.fhir.observed.proposing import propose
from decisions.fhir.observed.reading import WHOLE_DAY
from decisions.fhir.received.keeping import Said, Sender, hear_said, keep_said
from decisions.fhir.received.models import Received
from decisions.rules.engine.answers_in_words import say_plain
from decisions.rules.engine.edition import Edition
from decisions.rules.loading import load_edition
from decisions.smart.launching import Context
from decisions.smart.linking import may_be
from decisions.smart.models import EhrIssuer
from decisions.smart.records import Person, Records, looking_at, read_patient, read_records
from decisions.smart.stops import Reason, Stop
from decisions.treatment_history.medicine_lists import medicine_list
from kapnet.core.people.models import User

NO_CODES = "The edition of this case takes nothing from an EHR. Move the case to a newer edition."
CLOSED = "The case is closed: nothing was proposed."
NO_NEWS = "The EHR says nothing that was not proposed before."


def details_from(who: Person) -> Details | None:
    """What a new case is opened with; None where the form for one would not take it."""
    born = who.born
    parts = {name: getattr(born, name) for name in ("year", "month", "day")} if born else {}
    said = {"patient_name": who.name, **{f"birth_{name}": one for name, one in parts.items()}}
    form = NewCaseForm(said)
    return form.details if form.is_valid() else None


def bring(issuer: EhrIssuer, context: Context, case: Case, actor: User) -> Iterator[str]:
    """Propose what the EHR says and did not say before; what the page has to say of it.

    Raises Stop where the EHR does not answer, or has another patient than the case.
    """
    codes, edition = observed_codes(case.edition), load_edition(case.edition)
    if codes is None:
        return iter((NO_CODES,))
    who = read_patient(issuer, context)
    if not may_be(case, who.birth):
        raise Stop(Reason.BORN)
    records = read_records(issuer, context, codes, edition)
    looking = looking_at(issuer, context)
    found = propose(
        (who.resource, *records.resources),
        looking=looking,
        edition=edition,
        codes=codes,
        medicines=medicine_list(edition.id),
    )
    sender = Sender(Received.Kind.EHR, str(issuer.pk), issuer.name)
    age = Answer.objects.filter(case=case, question=codes.age).values_list("value", flat=True)
    news = [one for one in found if one.question != codes.age or one.value not in age]
    alone = item9_alone(records.resources, looking, edition, found)
    said = [*(said_by(one, edition, codes.age) for one in news), *map(said_alone, alone)]
    try:
        kept = keep_said(case=case, sender=sender, actor=actor, said=said)
    except CaseClosedError:
        hear_said(case=case, actor=actor, said=said)
        return iter((CLOSED,))
    return _in_words(records, is_news=kept is not None)


def said_by(one: Proposed, edition: Edition, age: str) -> Said:
    """A proposal as it is kept. The age is of today, each time: it has no day of its own.

    One value of several is no answer, which would say no to all others: a clinician answers.
    """
    is_whole_day = len(one.on) == WHOLE_DAY and one.question != age
    question = edition.questionnaire.question(one.question)
    partly = f", {say_partial(one.on)}" if one.on and len(one.on) < WHOLE_DAY else ""
    meant = "" if one.is_whole else f". May be “{say_plain(question, one.value)}”"
    first, *others = one.sources
    return Said(
        question=one.question,
        value=one.value if one.is_whole else None,
        words=f"{one.says}{partly}{meant}. {one.check}".strip(),
        on=date.fromisoformat(one.on) if is_whole_day else None,
        resource=f"{first} and {len(others)} more" if others else first,
    )


def said_alone(one: Alone) -> Said:
    """Item 9 without its form: heard, and shown to a clinician, who answers."""
    return Said(one.question, None, one.says, date.fromisoformat(one.day), one.source, one.points)


def _in_words(records: Records, *, is_news: bool) -> Iterator[str]:
    if not is_news:
        yield NO_NEWS
    if records.missing:
        yield f"Not read from the EHR, and so not known: {'; '.join(records.missing)}."
    if records.parts:
        yield f"The EHR has more than was read: {', '.join(records.parts)}."
