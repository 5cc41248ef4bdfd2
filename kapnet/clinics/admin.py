"""Clinics and people in the admin: for the owner of the installation only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.forms import ModelForm
from django.http import HttpRequest

from kapnet.clinics.models import Clinic, Membership, User
from kapnet.clinics.policies import OWNER, may

admin.site.unregister(Group)


def owner_role(request: HttpRequest) -> str | None:
    """Who asks, as the table has it, when it is the owner of the installation."""
    return OWNER if request.user.is_active and request.user.is_superuser else None


class OwnerOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Shown to superusers, and nothing is ever deleted: accounts are switched off."""

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


@admin.register(User)
class UserAdmin(OwnerOnlyAdmin):
    """People. A new one sets a password by "I forgot my password"."""

    list_display = ("email", "name", "is_evidence_admin", "is_staff", "is_superuser", "is_active")
    search_fields = ("email", "name")
    fields = (
        *("email", "name", "profession", "license_number", "phone", "secure_reply"),
        *("is_evidence_admin", "is_staff", "is_superuser", "is_active"),
    )

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool
    ) -> None:
        """A new person has no password until they set one."""
        if not change:
            obj.set_unusable_password()
        obj.email = obj.email.lower()
        super().save_model(request, obj, form, change)


@admin.register(Clinic)
class ClinicAdmin(OwnerOnlyAdmin):
    """Clinics: name, address and how colleagues reach them."""

    list_display = ("name", "phone")


@admin.register(Membership)
class MembershipAdmin(OwnerOnlyAdmin):
    """Who works where, as what."""

    list_display = ("user", "clinic", "role", "is_active")
    list_filter = ("clinic", "role", "is_active")
