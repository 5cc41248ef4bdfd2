"""The head of the letter: who writes to whom, when, about whom, and the request in one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from decisions.documents.letter.copies import copies_of
from decisions.documents.letter.phrasing import Sayings, bare, end_sentence, say_date
from decisions.documents.letter.wording import NOT_KNOWN_KEY
from decisions.rules.engine.result_words import FIRST_COURSE
from decisions.rules.engine.rules import OptionId

TMS_HELPED = frozenset({"remission", "response", "partial"})
"""Best responses after which depression "has returned" (questionnaire: tms_best_response)."""
TMS_DID_LITTLE = frozenset({"none", "worse"})


def sender_of(sayings: Sayings) -> tuple[str, ...]:
    """Who writes, in lines."""
    sender = sayings.material.sender
    known = sayings.fact
    return (
        ", ".join(filter(None, (known(sender.name), sender.profession))),
        ", ".join(filter(None, (sender.clinic, _one_line(sender.clinic_address)))),
        *_reached(sayings, sender.phone, sender.secure_reply),
        *([_licensed(sayings, sender.license_number)] if sender.license_number else []),
    )


def _reached(sayings: Sayings, phone: str, route: str) -> Iterator[str]:
    """Phone and secure reply, as far as they are known."""
    words = sayings.words.head
    said = [words["phone"].format(phone=phone)] if phone else []
    said += [words["reply"].format(route=route)] if route else []
    if said:
        yield words["between"].join(said)


def _licensed(sayings: Sayings, number: str) -> str:
    """A license; a number that says itself what it is, as NPI does, needs no name."""
    return number if number[:1].isalpha() else sayings.words.head["license"].format(number=number)


def _one_line(text: str) -> str:
    return ", ".join(filter(None, (line.strip(" ,") for line in text.split("\n"))))


def recipient_of(sayings: Sayings) -> tuple[str, ...]:
    """Who is asked, in lines."""
    one, words = sayings.material.recipient, sayings.words.head
    name = one.organization or one.name or sayings.words.not_known
    lines = [words["to"].format(name=name)]
    person = ", ".join(filter(None, (one.name, one.profession)))
    lines += [person] if (one.organization and one.name) or one.profession else []
    lines += [_one_line(one.address)] if one.address else []
    lines += _reached(sayings, one.phone, one.secure_reply)
    if one.license_number:
        lines.append(_licensed(sayings, one.license_number))
    named = "; ".join(name for name, _ in copies_of(one.copies))
    lines += [words["copy"].format(names=named)] if named else []
    return tuple(lines)


def dated_of(sayings: Sayings) -> tuple[str, ...]:
    """Day, number and what is due, in lines."""
    issue, words = sayings.material.issue, sayings.words.head
    lines = [say_date(issue.written_on), words["number"].format(number=issue.number)]
    if issue.replaces:
        because = sayings.fact(issue.replaces_because)
        lines.append(words["replaces"].format(number=issue.replaces, reason=because))
    if issue.code:
        lines.append(words["code"].format(code=issue.code))
    if issue.check_at:
        lines.append(words["check"].format(address=bare(issue.check_at)))
    return tuple(lines)


def foot_of(sayings: Sayings) -> str:
    """What is at the foot of each page."""
    patient, outcome = sayings.material.patient, sayings.material.decided.outcome
    foot = sayings.words.head["foot"].format(
        number=sayings.material.issue.number,
        patient=patient.name,
        born=say_date(patient.born) if patient.born else sayings.words.not_known,
        edition=outcome.edition,
        release=outcome.evidence_release,
    )
    invented = sayings.material.issue.invented
    return f"{invented} · {foot}" if invented else foot


def request_sentence(sayings: Sayings) -> str:
    """What is asked of whom about whom, for which option, how soon, why, and by when."""
    request, words, page = sayings.material.request, sayings.words.request, sayings.words.page
    if not request.is_complete:
        return words.not_chosen
    option = _asked_option(sayings)
    by_option = f"{request.kind}_{option}"
    ask = page.say(
        by_option if by_option in page.sentences else request.kind,
        patient=_patient_in_short(sayings),
        option=words.options[option],
    )
    asked = page.say(
        "request",
        whom=_whom(sayings),
        ask=ask,
        how_soon=words.how_soon[request.how_soon],
        why=words.why[_reason_for_asking(sayings)],
    )
    return " ".join((asked, *_not_suitable(sayings), *_answer_by(sayings)))


def _patient_in_short(sayings: Sayings) -> str:
    """Name, age and sex, as far as they are known."""
    patient, facts, page = sayings.material.patient, sayings.material.facts, sayings.words.page
    age = _age(sayings)
    if not age:
        return ", ".join(filter(None, (patient.name, facts.sex)))
    said = "patient_and_sex" if facts.sex else "patient"
    return page.say(said, name=patient.name, age=age, sex=facts.sex)


def _age(sayings: Sayings) -> str:
    """Whole years on the day of the letter; empty where the birth is not known."""
    born, today = sayings.material.patient.born, sayings.material.issue.written_on
    if born is None:
        return ""
    return str(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


def _answer_by(sayings: Sayings) -> Iterator[str]:
    if reply_by := sayings.material.request.reply_by:
        yield sayings.words.page.say("answer_by", day=say_date(reply_by))


def _not_suitable(sayings: Sayings) -> Iterator[str]:
    """That what is asked for is not suitable as things are, and what forbids it."""
    option = sayings.material.request.option
    if option not in set(OptionId):
        return
    if stops := sayings.material.decided.outcome.options[OptionId(option)].stops:
        yield sayings.words.page.say("not_suitable", reasons=sayings.phrases(stops))


def _whom(sayings: Sayings) -> str:
    """Who is asked, and as what."""
    one, material = sayings.material.recipient, sayings.material
    name = one.name or one.organization or sayings.words.not_known
    return sayings.words.readers[material.reader].format(name=name)


def _asked_option(sayings: Sayings) -> str:
    """The option in the request: with a course under way it is continued, without one a first."""
    option, decided = sayings.material.request.option, sayings.material.decided
    if option == "repeat_tms" and decided.outcome.first_course:
        return FIRST_COURSE
    if option in ("repeat_tms", "both") and decided.answers.get("tms_now") == "yes":
        return "repeat_tms_now" if option == "repeat_tms" else "both_now"
    return option


def _reason_for_asking(sayings: Sayings) -> str:
    answers = sayings.material.decided.answers
    if sayings.material.decided.outcome.first_course:
        return "first"
    if answers.get("tms_now") == "yes":
        return "under_way"
    best = answers.get("tms_best_response")
    if best in TMS_HELPED:
        return "came_back"
    return "little_help" if best in TMS_DID_LITTLE else NOT_KNOWN_KEY


def patient_of(sayings: Sayings) -> str:
    """Who it is about, after the name, how they are reached, and what an insurer asks for."""
    patient, facts, words = sayings.material.patient, sayings.material.facts, sayings.words.patient
    no_birth = sayings.words.page.sentences["no_birth"]
    parts = [words["born"].format(day=say_date(patient.born)) if patient.born else no_birth]
    parts += [words["clinic_number"].format(number=patient.clinic_number)]
    if patient.reference:
        parts.append(words["reference"].format(reference=patient.reference))
    sentences = [", ".join(parts)]
    reached = {"contact": facts.patient_contact}
    # Who has to act first needs them at once; for all others they are in the annex.
    reached |= {"emergency": facts.emergency_contact} if sayings.material.act_first else {}
    insured = {"payer": facts.payer, "member": facts.member_number, "product": facts.product}
    for name, text in {**reached, **insured}.items():
        if text:
            sentences.append(sayings.words.page.say(name, words=sayings.fact(text)))
    return " ".join(map(end_sentence, sentences))
