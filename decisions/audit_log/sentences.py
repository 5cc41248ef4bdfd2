"""Events as sentences: who did it stands beside, so each begins with the verb."""

from __future__ import annotations

from collections.abc import Mapping

from kapnet.core.audit.models import Event, in_words

CASE = "case {number:04d}"
SENTENCES: Mapping[str, str] = {
    "account.password_changed": "Changed their password",
    "account.session_ended": "Was signed out: the session ended",
    "account.sign_in": "Signed in",
    "account.sign_out": "Signed out",
    "adverse_event.noted": "Noted what went wrong in {case}",
    "adverse_event.voided": "Voided what was noted as going wrong in {case}",
    "answer.saved": "Answered a question of {case}",
    "assessment.recorded": "Kept a form that the patient of {case} filled in",
    "assessment.voided": "Voided a form of {case}",
    "case.changed_by_colleague": "Changed {case} of a colleague, who is told",
    "case.closed": "Closed {case}",
    "case.copied": "Copied {case} into a new episode",
    "case.deleted": "{case}: deleted for good",
    "case.deletion_agreed_to": "Agreed to the deletion of {case}",
    "case.deletion_asked_for": "Asked for the deletion of {case}",
    "case.deletion_taken_back": "Took the deletion of {case} back",
    "case.handed_over": "Handed {case} over",
    "case.handover_seen": "Has seen that {case} is theirs",
    "case.listed": "Looked at a list of cases",
    "case.moved": "Moved {case} to another edition",
    "case.opened": "Started {case}",
    "case.read": "Read {case}",
    "case.reopened": "Reopened {case}",
    "cds.asked": "A record system asked for advice",
    "cds.feedback": "A record system said what became of advice",
    "client.added": "Let a further program call",
    "client.changed": "Changed what a program may do",
    "client.export_agreed_to": "Agreed that a program may take everything along",
    "client.export_asked_for": "Asked that a program may take everything along",
    "client.export_refused": "Refused that a program may take everything along",
    "client.export_taken_back": "Took back that a program may take everything along",
    "client.keys_changed": "Changed the keys of a program",
    "client.proof": "A program did not prove who it is",
    "client.started": "Let a program call again",
    "client.stopped": "Stopped a program",
    "client.token": "A program got a token for some minutes",
    "clinic.settings_saved": "Changed the settings of the clinic",
    "consent.recorded": "Recorded a consent in {case}",
    "consent.revoked": "Revoked a consent in {case}",
    "consent.source_saved": "Said where answers on substance use come from in {case}",
    "clinic.entered": "The clinic came from another installation",
    "course.added": "Wrote down a course of treatment in {case}",
    "course.read": "Read course and outcome of {case}",
    "course.saved": "Changed a course of treatment in {case}",
    "decision.read": "Read a recorded decision of {case}",
    "decision.recorded": "Recorded a decision in {case}",
    "directory.read": "Read an entry of the directory",
    "emergency.ended": "Ended the emergency access to {case}",
    "emergency.listed": "Looked at the list of emergency accesses",
    "emergency.opened": "Opened {case} in an emergency",
    "emergency.read": "Read {case} in an emergency",
    "emergency.searched": "Searched for a patient in an emergency",
    "emergency.seen": "Has seen the emergency access to {case}",
    "exit.agreed": "Agreed that everything of the clinic is taken along",
    "exit.asked": "Asked to take everything of the clinic along",
    "exit.begun": "Let a file be made of everything of the clinic",
    "exit.downloaded": "Downloaded everything of the clinic",
    "exit.failed": "The file of everything of the clinic could not be made",
    "exit.read": "Looked at what is taken along",
    "exit.ready": "The file of everything of the clinic was made",
    "exit.refused": "Refused that everything of the clinic is taken along",
    "exit.resumed": "Let a file of everything of the clinic go on",
    "exit.stopped": "Stopped that everything of the clinic is taken along",
    "export.downloaded": "Downloaded a file of many letters",
    "fhir.decided": "A program asked what the rules say of answers",
    "fhir.received": "A program sent answers of {case}",
    "fhir.export": "A program asked for or fetched the records of all patients",
    "fhir.export_made": "The records of all patients were put together for a program",
    "fhir.read": "A program read of {case}",
    "fhir.task_changed": "A program said what became of {letter}",
    "follow_up.done": "Said that something due about {case} is done",
    "follow_up.ended": "Ended the follow-up of {case}",
    "follow_up.listed": "Looked at the list of what is due",
    "follow_up.reminded": "A reminder of what is due was sent to {person}",
    "follow_up.taken_up_again": "Took the follow-up of {case} up again",
    "form_link.completed": "The patient sent their form of {case}, by link",
    "form_link.contact_saved": "Noted how the patient of {case} can be mailed",
    "form_link.made": "Made a link for the patient of {case}",
    "form_link.mailed": "Mailed a link to the patient of {case}",
    "form_link.opened": "The patient opened the form of {case}, by link",
    "form_link.revoked": "Revoked a link of {case}",
    "form_link.tried_too_often": "A link of {case}: the wrong date of birth too often",
    "history.added": "Added a row to the treatment history of {case}",
    "history.read": "Read the treatment history of {case}",
    "history.removed": "Took a row off the treatment history of {case}",
    "history.saved": "Changed a row of the treatment history of {case}",
    "letter.archived": "Took an archive copy of {letter}",
    "letter.delivery_read": "Read where {letter} is",
    "letter.downloaded": "Downloaded {letter}",
    "letter.draft_printed": "Drew a draft of {letter}",
    "letter.evidence_withdrawn": "Evidence behind {letter} was withdrawn",
    "letter.exported": "Exported {letter}",
    "letter.facts_saved": "Saved the facts for letters of {case}",
    "letter.listed": "Looked at the list of letters",
    "letter.noted": "Wrote a note to {letter}",
    "letter.planned": "Said who sees to {letter} and by when",
    "letter.read": "Read {letter}",
    "letter.recipient_chosen": "Chose the recipient of {letter}",
    "letter.recipient_for_treatment": "Confirmed with whom {letter} is shared for treatment",
    "letter.reply_came": "A reply to {letter} came by its link",
    "letter.reply_confirmed": "Confirmed a reply to {letter} that came by its link",
    "letter.reply_set_aside": "Set a reply to {letter} aside that came by its link",
    "letter.saved": "Saved the draft of {letter}",
    "letter.sent": "Noted that {letter} was sent",
    "letter.signed": "Signed {letter}",
    "letter.started": "Started {letter}",
    "letter.step_taken_back": "Took the last step of {letter} back",
    "letter.verified": "Checked whether a letter is genuine",
    "letters.export_asked_for": "Asked for a file of many letters",
    "letters.export_resumed": "Let a file of many letters go on",
    "notice.seen": "Has seen a notice",
    "outcomes.counted": "Counted outcomes of the clinic",
    "outcomes.exported": "Took the rows of counted outcomes along as a file",
    "outcomes.read": "Read counted outcomes of the clinic",
    "page.open": "Asked for a page that is not for them",
    "patient.corrected": "Corrected the patient’s details of {case}",
    "patient.needs_saved": "Said how to speak with the patient of {case}",
    "patient.read": "Read the patient’s details of {case}",
    "person.back": "Noted that {person} is back",
    "person.deactivated": "Deactivated the account of {person}",
    "person.invitation_mailed": "A mail with a link was sent to {person}",
    "person.invited": "Invited {person}",
    "person.password_link_made": "Asked for a link for {person}",
    "person.password_link_shown": "Saw the link of {person}",
    "person.reactivated": "Let {person} back in",
    "person.role_changed": "Changed the role of {person}",
    "person.second_step_reset": "Reset the second factor of {person}",
    "person.stand_in_made": "Said who stands in for {person}",
    "person.therapist_made": "{person}: became a therapist of the clinic",
    "plan.exported": "Took the plan of {case} along as a calendar file",
    "plan.saved": "Saved the plan of days of {case}",
    "profile.saved": "Saved their profile",
    "proposal.left": "Left what the patient of {case} said",
    "proposal.taken": "Took over what the patient of {case} said",
    "proposed_answer.refused": "Refused what another system says of {case}",
    "proposed_answer.taken": "Took over what another system says of {case}",
    "received.came_in": "Another system’s answers came into {case}",
    "safety.raised": "Opened or raised the safety task of {case}",
    "safety.unopened": "Nobody had opened the safety task of {case}: managers are told",
    "safety_task.closed": "Closed the safety task of {case}",
    "team.member_added": "Added somebody to the care team of {case}",
    "team.member_left": "Took somebody off the care team of {case}",
    "trail.exported": "Took the audit log along as a file",
    "trail.read": "Read the audit log",
}
"""action -> what was done; what is not here is said by its name."""


def sentence(event: Event, *, case: int | None, letter: str, person: str) -> str:
    """What was done, with the numbers of the case and the letter and the name of the person.

    case: its number; None where it is about none. person: whose account it is about.
    """
    about = CASE.format(number=case) if case is not None else "a case"
    words = SENTENCES.get(event.action)
    if words is None:
        named = " ".join(filter(None, (letter, about if case is not None else "")))
        said = in_words(event.action)
        return f"{said[:1].upper()}{said[1:]}" + (f", {named}" if named else "")
    said = words.format(case=about, letter=f"letter {letter}".strip(), person=person or "somebody")
    is_letter_of = "{letter}" in words and case is not None
    return f"{said[:1].upper()}{said[1:]}" + (f", {about}" if is_letter_of else "")


def kind_in_words(action: str) -> str:
    """What events of this kind say, whatever they are about."""
    words = SENTENCES.get(action) or in_words(action)
    said = words.format(case="a case", letter="a letter", person="somebody")
    return f"{said[:1].upper()}{said[1:]}"
