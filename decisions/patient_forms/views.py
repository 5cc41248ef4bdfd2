"""The pages of a patient's own forms, by a link. Nobody signs in, and nothing can be read later.

Opening the address changes nothing and reads nothing: the same page for every secret, real or not.
The date of birth leads on, to a cookie that this browser alone holds. It is asked for again after
half an hour without a press; what was sent until then is kept.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from http import HTTPStatus

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from decisions.form_links.answering import (
    finish,
    held_link,
    link_for,
    may_go_on,
    once_held_link,
    save_page,
    take_hold,
)
from decisions.form_links.models import FormLink
from decisions.patient_forms.pages import answers_in, next_card, page_of
from kapnet.core.accounts.policies import require
from kapnet.core.web.secret_pages import (
    Held,
    answered_evenly,
    drop_cookie,
    hand_cookie,
    held_cookie,
    is_within,
    secret_page,
    too_many_tries,
)
from kapnet.core.web.statuses import UNPROCESSABLE

COOKIE, DONE = "form", "form_done"
COOKIE_SECONDS, DONE_SECONDS = 12 * 60 * 60, 60 * 60
"""The hold on the link ends long before: the cookie lets a late page be saved all the same."""

BORN = ("month", "day", "year")
PAGES = Signer(salt="page of a patient's form")
State = FormLink.State


@require("form.answer")
@secret_page
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponse:
    """One page for every secret. A post tries a date of birth."""
    if request.method != "POST":
        return _start_page(request)
    if not is_within(request, "form.try"):
        return too_many_tries(request)
    with answered_evenly():
        link = link_for(token, _day_in(request))
        if link is None:
            return _start_page(request, status=UNPROCESSABLE)
        response = see_other("patient_forms:form")
        take_hold(link, hand_cookie(response, COOKIE, link.pk, seconds=COOKIE_SECONDS))
        drop_cookie(response, DONE)
    return response


def _day_in(request: HttpRequest) -> str:
    """The day that was entered, as 1984-03-27; empty where it is none."""
    with suppress(ValueError):
        month, day, year = (int(request.POST.get(name, "").strip()) for name in BORN)
        return date(year, month, day).isoformat()
    return ""


def _start_page(request: HttpRequest, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"sender": settings.FORM_SENDER, "has_failed": status == UNPROCESSABLE}
    return render(request, "patient_forms/start.html", context, status=status)


@require("form.answer")
@secret_page
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """One page of the form; a post keeps what was picked and leads to the next."""
    link = _held(request)
    if request.method == "POST":
        return _save(request, link) if link and _is_of(request, link) else _hear(request)
    if link is None:
        return _over(request)
    if not may_go_on(link):
        return _over(request, link)
    asked = request.GET.get("card", "")
    card = asked if asked in link.cards else next_card(link)
    if not card:
        return see_other("patient_forms:send")
    context = {"page": page_of(link, card), "days": link.read_within_days, "of": _sign(link)}
    return render(request, "patient_forms/form.html", context)


def _save(request: HttpRequest, link: FormLink) -> HttpResponse:
    card = request.POST.get("card", "")
    if card not in link.cards:
        return _over(request, link)
    clears, goes_on = "clear" in request.POST, may_go_on(link)
    page = page_of(link, card)
    answers = answers_in(page, request.POST)
    saved = save_page(link, card, answers, clears=clears)
    if saved.needs_help:
        return see_other("patient_forms:help")
    if not goes_on:
        return _over(request, link)
    if "back" in request.POST:
        return see_other("patient_forms:form", card=page.back or card)
    following = card if clears else next_card(link, after=card)
    if not following:
        return see_other("patient_forms:send")
    return see_other("patient_forms:form", card=following)


def _hear(request: HttpRequest) -> HttpResponse:
    """Of a page that was left open on another device, or after the end: item 9, and no more."""
    key = _key_of_page(request)
    held = _cookies(request) if key is None else (Held(key, ""),)
    link = next(filter(None, map(once_held_link, held)), None)
    card = request.POST.get("card", "")
    if link is None or card not in link.cards:
        return _over(request)
    answers = answers_in(page_of(link, card), request.POST)
    saved = save_page(link, card, answers, clears=False, is_held=False)
    return see_other("patient_forms:help") if saved.needs_help else _over(request)


@require("form.answer")
@secret_page
@require_http_methods(["GET"])
def help_now(request: HttpRequest) -> HttpResponse:
    """Where to turn now; the form waits behind it. The same page for everybody."""
    return render(request, "patient_forms/help.html")


@require("form.answer")
@secret_page
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """The last page: send it. Sent twice it is one form."""
    link = _held(request)
    if link is None or not _is_of(request, link):
        return _over(request)
    if request.method != "POST":
        if not may_go_on(link):
            return _over(request, link)
        context = {"last": link.cards[-1], "days": link.read_within_days, "of": _sign(link)}
        return render(request, "patient_forms/send.html", context)
    if not finish(link):
        return _over(request, link)
    response = see_other("patient_forms:thanks")
    drop_cookie(response, COOKIE)
    hand_cookie(response, DONE, link.pk, seconds=DONE_SECONDS)
    return response


@require("form.answer")
@secret_page
@require_http_methods(["GET"])
def thanks(request: HttpRequest) -> HttpResponse:
    """It was sent. The same page for everybody, with nothing of what was answered."""
    return render(request, "patient_forms/thanks.html")


def _held(request: HttpRequest) -> FormLink | None:
    return held_link(held_cookie(request, COOKIE, seconds=COOKIE_SECONDS))


def _cookies(request: HttpRequest) -> tuple[Held | None, ...]:
    going_on = held_cookie(request, COOKIE, seconds=COOKIE_SECONDS)
    return going_on, held_cookie(request, DONE, seconds=DONE_SECONDS)


def _sign(link: FormLink) -> str:
    """Whose page it is: a tablet that is handed on may have pages of two patients open."""
    return PAGES.sign(str(link.pk))


def _key_of_page(request: HttpRequest) -> str | None:
    with suppress(BadSignature):
        return PAGES.unsign(request.POST.get("of", ""))
    return None


def _is_of(request: HttpRequest, link: FormLink) -> bool:
    return _key_of_page(request) in (None, str(link.pk))


def _over(request: HttpRequest, link: FormLink | None = None) -> HttpResponse:
    """This browser does not go on: it has sent the form, or has to open the link once more."""
    is_sent = link is not None and link.state == State.COMPLETED
    if is_sent or held_cookie(request, DONE, seconds=DONE_SECONDS):
        return thanks(request)
    return render(request, "patient_forms/over.html", status=UNPROCESSABLE)


def see_other(name: str, **query: str) -> HttpResponse:
    """303: the browser gets that page, and going back asks for nothing again."""
    asked = "".join(f"?{key}={value}" for key, value in query.items())
    response = HttpResponseRedirect(reverse(name) + asked)
    response.status_code = HTTPStatus.SEE_OTHER.value
    return response
