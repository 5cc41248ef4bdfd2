"""Clinics and people in the admin: for the owner of the installation only, and never in secret."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_tasks_db.admin  # noqa: F401 - it registers what is taken out below
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult

from kapnet.core.accounts.policies import OWNER, may
from kapnet.core.accounts.receivers import clinic_of
from kapnet.core.accounts.sessions import end_all
from kapnet.core.notices.owner_acts import record_owner_act
from kapnet.core.notices.therapists import announce_in
from kapnet.core.people.models import Clinic, Membership, User
from kapnet.core.web.plain_forms import PlainTextForm

for registered_elsewhere in (Group, EmailAddress, DBTaskResult, Authenticator):
    admin.site.unregister(registered_elsewhere)

KEEPERS_WORK_NOWHERE = "Owners and evidence admins do not work in a clinic. Use another account."
OWNERS_ARE_MADE_ON_THE_MACHINE = (
    "An owner is made on the machine, by manage.py createsuperuser, and not here."
)
IN_WORDS = {True: "yes", False: "no"}
FIELDS_WITH_VALUES = frozenset(
    {"role", "is_active", "is_staff", "is_superuser", "is_evidence_admin", "clinic"}
)
"""What the audit log says with its value; of the others, such as an email, that it changed."""


def owner_role(request: HttpRequest) -> str | None:
    """Who asks, as the table has it, when it is the owner of the installation."""
    return OWNER if request.user.is_active and request.user.is_superuser else None


class OwnerOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shown to superusers. Each act is in the log of the clinic, and its managers are told.

    Nothing is deleted: accounts are switched off. thing: what it is, for `record_owner_act`.
    """

    thing: str

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Only the owner sees people and clinics."""
        return may(owner_role(request), "installation.keep")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the owner."""
        return self.has_module_permission(request)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only the owner."""
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No one: letters and audit events point to people."""
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No list is narrowed by the hash of a password: so it could be read sign by sign."""
        is_hidden = "password" in lookup.split("__")
        return not is_hidden and super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, write it down and tell."""
        before = type(obj).objects.filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        if change and not form.changed_data:
            return
        clinics = [one for one in self.clinics_of(before, obj) if one is not None]
        record_owner_act(
            actor=request.user,  # type: ignore[arg-type]
            thing=self.thing,
            act="changed" if change else "added",
            clinics=clinics,
            about=self.about(obj),
            what=what_changed(before, obj, form),
            also_to=self.also_to(before, obj),
        )
        announce_in(set(clinics), actor=request.user)  # type: ignore[arg-type]

    def clinics_of(self, before: Any, obj: Any) -> Iterable[Clinic | None]:
        """The clinics that an act concerns."""
        raise NotImplementedError

    def about(self, obj: Any) -> object:
        """The id of the account or of the clinic."""
        return obj.pk

    def also_to(self, before: Any, obj: Any) -> tuple[str, ...]:
        """Addresses that are told besides."""
        return ()


def what_changed(before: Model | None, now: Model, form: ModelForm[Any]) -> str:
    """Which fields, and for those that decide what somebody may do, from what to what."""
    return "; ".join(
        _in_words(name, str(form.fields[name].label).lower(), before, now)
        for name in form.changed_data
    )


def _in_words(name: str, label: str, before: Model | None, now: Model) -> str:
    if name not in FIELDS_WITH_VALUES:
        return label
    was, is_now = (_value(one, name) for one in (before, now))
    return f"{label}: {f'{was} to ' if before else ''}{is_now}"


def _value(row: Model | None, name: str) -> str:
    value = getattr(row, name, "")
    return IN_WORDS[value] if isinstance(value, bool) else str(value)


class UserForm(PlainTextForm, ModelForm[User]):
    """An account. It has no place in a clinic where it keeps the installation."""

    named = ("name",)

    class Meta:
        model = User
        fields = (
            *("email", "name", "profession", "license_number", "phone", "secure_reply"),
            *("is_evidence_admin", "is_staff", "is_superuser", "is_active"),
        )

    def clean_is_superuser(self) -> bool:
        """The server's own role could not make one either (docs/audit.md)."""
        wanted: bool = self.cleaned_data["is_superuser"]
        if wanted and not self.initial.get("is_superuser"):
            raise forms.ValidationError(OWNERS_ARE_MADE_ON_THE_MACHINE)
        return wanted

    def clean(self) -> dict[str, Any]:
        """Not both a place in a clinic and the keeping of all."""
        said = super().clean() or self.cleaned_data
        keeps = said.get("is_evidence_admin") or said.get("is_superuser")
        place = getattr(self.instance, "membership", None)
        if keeps and place is not None and place.is_active:
            raise forms.ValidationError(KEEPERS_WORK_NOWHERE)
        return said


@admin.register(User)
class UserAdmin(OwnerOnlyAdmin):
    """People. A new one sets a password by "I forgot my password"."""

    thing = "person"
    form = UserForm
    list_display = ("email", "name", "is_evidence_admin", "is_staff", "is_superuser", "is_active")
    search_fields = ("email", "name")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new person has no password until they set one."""
        if not change:
            obj.set_unusable_password()
        obj.email = obj.email.lower()
        super().save_model(request, obj, form, change)
        if "email" in form.changed_data:
            # Whoever reads the old address signs in and sets passwords by it no more.
            EmailAddress.objects.filter(user=obj).delete()

    def clinics_of(self, before: Any, obj: User) -> Iterable[Clinic | None]:
        """Where the person has or had a place."""
        return (clinic_of(obj),)

    def also_to(self, before: User | None, obj: User) -> tuple[str, ...]:
        """The address that the account had: it may have been taken over."""
        return (before.email,) if before and before.email != obj.email else ()


class ClinicForm(PlainTextForm, ModelForm[Clinic]):
    """What letters print of a clinic. Its managers set the rest themselves."""

    named = ("name",)

    class Meta:
        model = Clinic
        fields = ("name", "address", "phone", "secure_reply")


@admin.register(Clinic)
class ClinicAdmin(OwnerOnlyAdmin):
    """Clinics: name, address and how colleagues reach them."""

    thing = "clinic"
    form = ClinicForm
    list_display = ("name", "phone")

    def clinics_of(self, before: Any, obj: Clinic) -> Iterable[Clinic | None]:
        """Itself."""
        return (obj,)


class MembershipForm(ModelForm[Membership]):
    """Who works where. Nobody who keeps the installation does."""

    class Meta:
        model = Membership
        fields = ("user", "clinic", "role", "is_active")

    def clean(self) -> dict[str, Any]:
        """Not both a place in a clinic and the keeping of all."""
        said = super().clean() or self.cleaned_data
        user = said.get("user") or getattr(self.instance, "user", None)
        if said.get("is_active") and user and (user.is_evidence_admin or user.is_superuser):
            raise forms.ValidationError(KEEPERS_WORK_NOWHERE)
        return said


@admin.register(Membership)
class MembershipAdmin(OwnerOnlyAdmin):
    """Who works where, as what."""

    thing = "membership"
    form = MembershipForm
    list_display = ("user", "clinic", "role", "is_active")
    list_filter = ("clinic", "role", "is_active")

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Somebody who moves to another clinic is new there."""
        if "clinic" in form.changed_data:
            obj.announced_at = None
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        """A place stays that of its person."""
        return ("user",) if obj else ()

    def clinics_of(self, before: Membership | None, obj: Membership) -> Iterable[Clinic | None]:
        """The clinic that it is, and the one that it was."""
        return (obj.clinic, before.clinic if before else None)

    def about(self, obj: Membership) -> object:
        """The person."""
        return obj.user_id


@admin.register(Authenticator)
class SecondFactorAdmin(OwnerOnlyAdmin):
    """Second factors: to be removed where somebody lost theirs, never made or changed."""

    thing = "second_factor"
    fields = ("user", "type", "created_at", "last_used_at")
    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody makes one for somebody else."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The owner."""
        return self.has_module_permission(request)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        """The person is signed out, and signs in with the password until they set up another."""
        user, kind = obj.user, str(obj.type)
        super().delete_model(request, obj)
        end_all(user)
        record_owner_act(
            actor=request.user,  # type: ignore[arg-type]
            thing=self.thing,
            act="removed",
            clinics=[one for one in (clinic_of(user),) if one is not None],
            about=user.pk,
            what=kind,
        )

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        """Each of them by itself."""
        for one in queryset:
            self.delete_model(request, one)
