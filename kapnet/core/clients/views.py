"""Where a manager keeps the programs that may call, and a therapist agrees to what they read."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kapnet.core.accounts.policies import may, require
from kapnet.core.accounts.second_factor import is_missing_to_sign, lead_to_second_factor
from kapnet.core.accounts.shortcuts import get_or_404
from kapnet.core.accounts.signing import check_password
from kapnet.core.clients import actions
from kapnet.core.clients.actions import OwnRequestError, SettledAlreadyError
from kapnet.core.clients.addresses import addresses_of
from kapnet.core.clients.forms import AgreeForm, ClientForm, KeysForm, RightsForm
from kapnet.core.clients.models import Agreement, ApiClient
from kapnet.core.clients.presenters import rows_of_clients
from kapnet.core.clients.scopes import needs_agreement, rights_of
from kapnet.core.people.requests import MemberRequest
from kapnet.core.web.once import once_token, posted_once
from kapnet.core.web.statuses import CONFLICT, status_of

SETTLED = "Somebody else has decided this, or took it back. Nothing was changed."
OWN = "You asked for it yourself: another therapist has to agree."
SET_UP_FIRST = "To agree you need a second factor. Set it up, then come back."


@require("clients.keep")
@require_GET
def client_list(request: MemberRequest) -> HttpResponse:
    """The programs that may call or could, by name."""
    rows = rows_of_clients(list(_clients()))
    return render(request, "clients/list.html", {"rows": rows})


@require("clients.keep")
@require_http_methods(["GET", "POST"])
def new_client(request: MemberRequest) -> HttpResponse:
    """Add a program with its public keys."""
    form = ClientForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "once_token": once_token(request)}
        return render(request, "clients/new.html", context, status=status_of(form))
    client = actions.add_client(
        clinic=request.membership.clinic,
        actor=request.user,
        once=posted_once(request),
        **form.values,
    )
    messages.success(request, f"{client.name} may call.")
    return redirect("clients:client", client.pk)


@require("clients.keep")
@require_GET
def client(request: MemberRequest, client_id: UUID) -> HttpResponse:
    """One program: what it may do, and what whoever sets it up needs."""
    (row,) = rows_of_clients([_client(request, client_id)])
    context = {"row": row, "client": row.client, "addresses": addresses_of(request)}
    return render(request, "clients/client.html", context)


@require("clients.keep")
@require_http_methods(["GET", "POST"])
def rights(request: MemberRequest, client_id: UUID) -> HttpResponse:
    """Change what a program may do."""
    stored = _client(request, client_id)
    form = RightsForm(request.POST if request.method == "POST" else None, initial=_held(stored))
    form.has_everything = needs_agreement(stored.scopes)
    if stored.kind == ApiClient.Kind.CDS:
        return redirect("clients:client", stored.pk)
    if not form.is_valid():
        context = {"form": form, "client": stored}
        return render(request, "clients/rights.html", context, status=status_of(form))
    actions.change_rights(
        client=stored,
        actor=request.user,
        scopes=form.scopes,
        reason=form.cleaned_data["reason"],
    )
    return redirect("clients:client", stored.pk)


def _held(stored: ApiClient) -> dict[str, object]:
    """What it may do and what a therapist is still asked for, so that saving takes nothing back."""
    waiting = Agreement.objects.filter(client=stored, state=Agreement.State.ASKED).first()
    scopes = [*stored.scopes, *(waiting.scopes if waiting else ())]
    return {
        "rights": [one.key for one in rights_of(scopes)],
        "reason": waiting.reason if waiting else "",
    }


@require("clients.keep")
@require_http_methods(["GET", "POST"])
def keys(request: MemberRequest, client_id: UUID) -> HttpResponse:
    """Replace the keys of a program."""
    stored = _client(request, client_id)
    form = KeysForm(
        request.POST if request.method == "POST" else None,
        initial={"keys_address": stored.keys_address},
    )
    if not form.is_valid():
        context = {
            "form": form,
            "client": stored,
            "has_everything": needs_agreement(stored.scopes),
        }
        return render(request, "clients/keys.html", context, status=status_of(form))
    actions.replace_keys(client=stored, actor=request.user, **form.keys)
    messages.success(request, "Replaced. The old keys no longer count.")
    return redirect("clients:client", stored.pk)


@require("clients.keep")
@require_POST
def switch(request: MemberRequest, client_id: UUID) -> HttpResponse:
    """Stop a program, or let it call again, as the button said."""
    stored = _client(request, client_id)
    is_active = request.POST.get("to") == "active"
    actions.switch_client(client=stored, actor=request.user, is_active=is_active)
    return redirect("clients:client", stored.pk)


# Agreements


@require("clients.settle")
@require_GET
def agreements(request: MemberRequest) -> HttpResponse:
    """Which programs may take everything along, and for which somebody asks."""
    everything = [one for one in rows_of_clients(list(_clients())) if one.waiting or one.decided]
    context = {"rows": everything, "may_agree": may(request.role, "clients.agree")}
    return render(request, "clients/agreements.html", context)


@require("clients.agree")
@require_http_methods(["GET", "POST"])
def agreement(request: MemberRequest, agreement_id: int) -> HttpResponse:
    """A therapist agrees, with their password, or refuses."""
    stored = get_or_404(
        request,
        Agreement.objects.select_related("client__clinic", "asked_by", "decided_by"),
        action="client.agree",
        object_type="client",
        pk=agreement_id,
    )
    if request.method == "POST" and "refuse" in request.POST:
        return _settle(request, stored, agrees=False)
    form = AgreeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and is_missing_to_sign(request.user):
        return lead_to_second_factor(request, SET_UP_FIRST)
    if form.is_valid() and check_password(
        request, form, action="client.agree", object_type="client"
    ):
        return _settle(request, stored, agrees=True)
    (row,) = rows_of_clients([stored.client])
    context = {"form": form, "agreement": stored, "row": row}
    return render(request, "clients/agreement.html", context, status=status_of(form))


def _settle(request: MemberRequest, stored: Agreement, *, agrees: bool) -> HttpResponse:
    try:
        actions.settle_agreement(agreement=stored, actor=request.user, agrees=agrees)
    except SettledAlreadyError:
        return _conflict(request, SETTLED)
    except OwnRequestError:
        return _conflict(request, OWN)
    messages.success(request, "Agreed." if agrees else "Refused. It may not.")
    return redirect("clients:agreements")


@require("clients.settle")
@require_POST
def take_back(request: MemberRequest, client_id: UUID) -> HttpResponse:
    """A program may not take everything along any more, from this moment on."""
    actions.take_back(client=_client(request, client_id), actor=request.user)
    messages.success(request, "Taken back. It ended at once.")
    return redirect("clients:agreements")


def _conflict(request: HttpRequest, words: str) -> HttpResponse:
    return render(request, "clients/settled.html", {"words": words}, status=CONFLICT)


def _clients() -> QuerySet[ApiClient]:
    rows: QuerySet[ApiClient] = ApiClient.objects.select_related("clinic", "made_by")
    return rows


def _client(request: MemberRequest, client_id: UUID) -> ApiClient:
    return get_or_404(request, _clients(), action="client.read", object_type="client", id=client_id)
