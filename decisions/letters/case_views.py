"""Letters of a case: list, writing, signing, correcting."""

from __future__ import annotations

from copy import copy
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import reselect, reswap, retarget

from decisions.cases.case_file import CaseFile
from decisions.cases.case_page import case_page, show
from decisions.cases.decision.ended import ended_since
from decisions.cases.decision.withdrawn_evidence import withdrawn_since
from decisions.cases.queries import decisions_of
from decisions.documents.letter.loading import load_words
from decisions.letters.actions import (
    LetterChangedError,
    LetterIsSignedError,
    draft_or_start,
    save_draft,
    start_correction,
)
from decisions.letters.archive_copy import is_offered
from decisions.letters.composition import Composition
from decisions.letters.downloads import CONSENT_REVOKED, pdf_response
from decisions.letters.forms import LetterForm, SignForm
from decisions.letters.models import Letter
from decisions.letters.new_answers.newer_decision import parts_of_newer
from decisions.letters.new_answers.taking_over import present_new_answers
from decisions.letters.presenters import present_judged, present_letter, present_to_do, sign_form_of
from decisions.letters.queries import (
    correction_of,
    drafts_about,
    letters_of,
    revoked_consent_of,
)
from decisions.letters.reading import (
    letter_page,
    open_letter,
    record_letter_read,
    signed_content,
    to_letter,
)
from decisions.letters.rendering import draw_pdf
from decisions.letters.signing.actions import (
    LetterIncompleteError,
    LetterIsReplacedError,
    LetterNotConfirmedError,
    sign_letter,
)
from decisions.letters.signing.reauthentication import check_password, lead_to_second_factor
from decisions.letters.verification.verifying import is_intact
from decisions.patient.queries import corrected_since
from decisions.pdf.pool import LetterCannotBeDrawnError
from decisions.phrases.queries import phrases_by_kind, with_phrase
from evidence.ending import Endings
from kapnet.core.accounts.policies import require
from kapnet.core.accounts.second_factor import is_missing_to_sign
from kapnet.core.audit.actions import record_refusal
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.days import say_moment
from kapnet.core.web.once import posted_once
from kapnet.core.web.rate_limits import limited
from kapnet.core.web.statuses import CONFLICT, UNPROCESSABLE

REVOKED_DRAFT = (
    "Not printed: the patient revoked the consent that this letter rests on. Choose another basis."
)


@case_page("letter.write")
def compose_list(request: MemberRequest, file: CaseFile) -> HttpResponse:
    """The letters of a case; a post leads to the draft about the newest decision, or to another."""
    newest = decisions_of(file.case).first()
    if request.method == "POST" and newest is not None:
        more = posted_once(request) or "" if "another" in request.POST else None
        letter = draft_or_start(case=file.case, actor=request.user, decision=newest, another=more)
        return redirect("letters:letter", file.case.pk, letter.pk)
    record_letter_read(request, file.case, "letter.listed", file.case.pk)
    has_draft = newest is not None and drafts_about(newest).exists()
    context = {"letters": letters_of(file.case), "decision": newest, "has_draft": has_draft}
    return show(request, file, "letters/compose_list.html", context)


@letter_page("letter.write")
def letter(request: MemberRequest, composition: Composition) -> HttpResponse:
    """A draft with its preview, or a signed letter as it was signed."""
    if composition.letter.is_signed:
        return _signed_page(request, composition, status=CONFLICT if request.POST else 200)
    if request.method == "POST":
        return _save(request, composition)
    record_letter_read(request, composition.file.case, "letter.read", composition.letter.pk)
    return _draft_page(request, composition, LetterForm(instance=copy(composition.letter)))


def _save(request: MemberRequest, composition: Composition) -> HttpResponse:
    post = with_phrase(request.POST, request.user)
    form = LetterForm(post, instance=copy(composition.letter))
    if not form.is_valid():
        return _draft_page(request, composition, form, status=UNPROCESSABLE)
    version = form.seen_at
    try:
        save_draft(
            letter=composition.letter, actor=request.user, values=form.values, saved_at=version
        )
    except LetterChangedError:
        return _draft_page(request, composition, form, status=CONFLICT)
    except LetterIsSignedError:
        return to_letter(composition.letter)
    if request.htmx:
        return _saved_state(request, composition.letter)
    messages.success(request, f"Saved {say_moment(timezone.now())}")
    return to_letter(composition.letter)


def _saved_state(request: MemberRequest, row: Letter) -> HttpResponse:
    """Preview and missing parts after a save in the background.

    What says the same as before is not replaced: somebody may be about to sign it.
    """
    composition = open_letter(request, row.case_id, row.pk)
    form = LetterForm(instance=copy(composition.letter))
    context = {
        **_draft_context(request, composition, form, None),
        "saved_time": say_moment(timezone.now()),
        "seen_fingerprint": request.POST.get("fingerprint", ""),
    }
    return show(request, composition.file, "letters/_saved_state.html", context)


def _draft_context(
    request: MemberRequest, composition: Composition, form: LetterForm, sign_form: SignForm | None
) -> dict[str, object]:
    row = composition.letter
    form.name_options(
        load_words(row.decision.edition).options,
        first_course=composition.material.decided.outcome.first_course,
    )
    return {
        **present_letter(composition.text),
        "row": row,
        "form": form,
        "sign_form": sign_form or sign_form_of(composition),
        **present_to_do(composition),
        "fingerprint": composition.fingerprint,
        "newer_decision": composition.newer_decision,
        "newer_parts": parts_of_newer(composition),
        "new_answers": present_new_answers(composition),
        "asks_what_was_done": bool(composition.material.act_first),
        "judged": present_judged(composition),
        "phrases": phrases_by_kind(request.user),
    }


def _draft_page(
    request: MemberRequest,
    composition: Composition,
    form: LetterForm,
    *,
    sign_form: SignForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **_draft_context(request, composition, form, sign_form),
        "problem": problem,
        "has_changed": status == CONFLICT and not problem,
    }
    file = composition.file
    if request.htmx and request.POST and status != CONFLICT and "check" not in request.POST:
        return show(request, file, "letters/_refused_state.html", context, status=status)
    page = show(request, file, "letters/compose.html", context, status=status)
    return _in_place_of_main(page) if request.htmx and request.POST else page


def _in_place_of_main(page: HttpResponse) -> HttpResponse:
    """A whole page for htmx: its main part replaces the present one, with all that was typed."""
    retarget(page, "#main")
    reselect(page, "#main")
    reswap(page, "outerHTML")
    return page


def _signed_page(request: MemberRequest, composition: Composition, status: int) -> HttpResponse:
    row = composition.letter
    record_letter_read(request, row.case, "letter.read", row.pk)
    context = {
        **present_letter(signed_content(row)),
        "row": row,
        "correction": correction_of(row),
        "corrected": corrected_since(row.case, row.signed_at) if row.signed_at else (),
        "disclosures": row.emergency_disclosures.select_related("disclosed_by"),
        "was_refused": status == CONFLICT,
        "is_damaged": not is_intact(row),
        "revoked": revoked_consent_of(row),
        "has_archive": is_offered(),
        "withdrawn": withdrawn_since([row.decision], composition.file.evidence),
        "ended": ended_since(
            row.decision, Endings(composition.file.evidence, timezone.localdate())
        ),
        "judged": present_judged(composition),
    }
    return show(request, composition.file, "letters/signed.html", context, status=status)


@letter_page("letter.write", only="POST")
def sign(request: MemberRequest, composition: Composition) -> HttpResponse:
    """Sign a letter with the password. Sent twice it signs once."""
    if composition.letter.is_signed:
        return to_letter(composition.letter)
    if is_missing_to_sign(request.user):
        return lead_to_second_factor(request)
    form = sign_form_of(composition, request.POST)
    if not form.is_valid() or not check_password(request, form):
        return _not_signed(request, composition, form, "", UNPROCESSABLE)
    try:
        sign_letter(
            letter_id=composition.letter.pk,
            actor=request.user,
            fingerprint=form.cleaned_data["fingerprint"],
            confirmed=form.confirmed,
            stated=form.stated,
            opened=composition,
        )
    except LetterIncompleteError:
        problem = "Not signed: something is missing. See Before you can sign."
    except LetterNotConfirmedError:
        problem = "Not signed: something is not confirmed. Look at the recipient and the words."
    except LetterChangedError:
        problem = "Not signed: the letter has changed since you saw it. Read it again, then sign."
    except LetterIsReplacedError:
        problem = "Not signed: another correction has replaced that letter already."
    except LetterCannotBeDrawnError as error:
        problem = f"Not signed. {error}"
    else:
        return to_letter(composition.letter)
    now = open_letter(request, composition.letter.case_id, composition.letter.pk)
    return _not_signed(request, now, None, problem, CONFLICT)


def _not_signed(
    request: MemberRequest,
    composition: Composition,
    form: SignForm | None,
    problem: str,
    status: int,
) -> HttpResponse:
    letter_form = LetterForm(instance=copy(composition.letter))
    return _draft_page(
        request, composition, letter_form, sign_form=form, problem=problem, status=status
    )


@require("letter.write")
@limited("letter.draw")
@require_GET
def draft_pdf(request: MemberRequest, case_id: UUID, letter_id: UUID) -> HttpResponse:
    """The draft on paper: every page says that it is one. A signed letter is downloaded."""
    composition = open_letter(request, case_id, letter_id)
    row = composition.letter
    if row.is_signed:
        return redirect("letters:pdf", row.pk)
    if revoked_consent_of(row):
        record_refusal(request, "letter.draft_printed", "letter", row.pk, reason=CONSENT_REVOKED)
        messages.error(request, REVOKED_DRAFT)
        return to_letter(row)
    record_letter_read(request, row.case, "letter.draft_printed", row.pk)
    try:
        drawn_at = row.saved_at
        pdf = draw_pdf(composition.text, letter_id=row.pk, drawn_at=drawn_at, is_draft=True)
    except LetterCannotBeDrawnError as error:
        messages.error(request, str(error))
        return to_letter(row)
    return pdf_response(pdf, f"{row.number}-draft.pdf")


@letter_page("letter.write", only="POST")
def correct(request: MemberRequest, composition: Composition) -> HttpResponse:
    """A draft that will replace a signed letter."""
    row = composition.letter
    if not row.is_signed or correction_of(row) is not None:
        return to_letter(row)
    return to_letter(start_correction(letter=row, actor=request.user))
