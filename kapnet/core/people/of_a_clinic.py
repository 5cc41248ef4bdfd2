"""Rows that belong to a clinic: every one says whose it is, and hangs on rows of that clinic alone.

Within a scope each query names the clinic, Django's own as well: where it reads a parent, changes
or reads one row again, or joins two tables. So a database that keeps clinics in several places
asks one of them.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.checks import CheckMessage, Error
from django.db import models
from django.db.models.lookups import Exact
from django_scopes import ScopedManager
from django_scopes.state import get_scope

from kapnet.core.people.models import Clinic

SetTo = TypeVar("SetTo")
Found = TypeVar("Found")


def clinic_of_scope() -> Clinic | None:
    """The clinic that the scope of this moment names; none where scopes are off or absent."""
    scope = get_scope()
    return scope.get("clinic") if scope.get("_enabled", True) else None


class ClinicField(models.ForeignKey[SetTo, Found]):
    """Whose a row is. Where nobody said it: its parent's clinic, or that of the scope.

    It has an index of its own only where no rule or index of the table begins with it.
    """

    def __init__(self, to: Any = "clinics.Clinic", **kwargs: Any) -> None:
        usual: dict[str, Any] = {
            "on_delete": models.PROTECT,
            "related_name": "+",
            "editable": False,
        }
        super().__init__(to, **(usual | kwargs))

    def deconstruct(self) -> Any:
        """A foreign key like others: what fills it in is no matter of the table."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs

    def contribute_to_class(self, cls: Any, name: str, *args: Any, **kwargs: Any) -> None:
        """Decide on the index."""
        rules = (one for one in cls._meta.constraints if isinstance(one, models.UniqueConstraint))
        begun = (one.fields[:1] for one in (*rules, *cls._meta.indexes) if one.condition is None)
        self.db_index = (name,) not in {tuple(first) for first in begun}
        super().contribute_to_class(cls, name, *args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Fill it in, whether one row is saved or many are inserted at once."""
        if getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, _clinic_of(model_instance))
        return super().pre_save(model_instance, add)


def _clinic_of(row: models.Model) -> Any:
    """The clinic of a parent at hand, of the scope, or of a parent that has to be looked up."""
    keys = [one for one in row._meta.concrete_fields if isinstance(one, ClinicForeignKey)]
    for key in keys:
        parent: Any = key.get_cached_value(row, None)
        if parent is not None:
            return parent.clinic_id
    if (clinic := clinic_of_scope()) is not None:
        return clinic.pk
    for key in keys:
        if (parent_id := getattr(row, key.attname)) is not None:
            parents: Any = key.related_model
            return parents._base_manager.values_list("clinic", flat=True).get(pk=parent_id)
    return None


class ClinicForeignKey(models.ForeignKey[SetTo, Found]):
    """A key to a row of the same clinic. Joins and reading the parent say so.

    The database refuses a key to another clinic's row: `kapnet.core.accounts.walls.same_clinic`.
    """

    def deconstruct(self) -> Any:
        """A foreign key like others."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Both ends say whose they are."""
        ends = (self.model, self.remote_field.model)
        wrong = [one for one in ends if not (isinstance(one, type) and issubclass(one, OfAClinic))]
        return [
            *super().check(**kwargs),
            *(Error(f"{one} is no row of a clinic.", obj=self, id="clinics.E001") for one in wrong),
        ]

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> Any:
        """In a join: parent (alias) and row (related_alias) have one clinic.

        Where Django leaves the parent out, as in `exclude`, the row has that of the scope.
        """
        own: Any = self.model._meta.get_field("clinic")
        clinic = own.get_col(related_alias)
        if alias is None:
            of_scope = clinic_of_scope()
            return None if of_scope is None else Exact(clinic, of_scope.pk)
        of_parent: Any = self.remote_field.model._meta.get_field("clinic")
        return Exact(of_parent.get_col(alias), clinic)

    def get_extra_descriptor_filter(self, instance: models.Model) -> dict[str, Any]:
        """In reading the parent of a row."""
        return _clinic_at_hand(instance)

    def get_forward_related_filter(self, obj: models.Model) -> dict[str, Any]:
        """In reading the one row that hangs on a parent."""
        return super().get_forward_related_filter(obj) | _clinic_at_hand(obj)


class ClinicOneToOneField(ClinicForeignKey[SetTo, Found], models.OneToOneField[SetTo, Found]):
    """One row for one parent of the same clinic. The table needs a unique rule that says both.

    As a primary key it is unique by itself.
    """

    def deconstruct(self) -> Any:
        """To the table it is a foreign key that is not unique alone."""
        name, path, args, kwargs = super().deconstruct()
        return name, "django.db.models.OneToOneField" if self.primary_key else path, args, kwargs


def _clinic_at_hand(row: models.Model) -> dict[str, Any]:
    """The clinic of a row that was read with it: never worth a query of its own.

    Within a scope `InScope` says it.
    """
    clinic = row.__dict__.get("clinic_id") if clinic_of_scope() is None else None
    return {} if clinic is None else {"clinic": clinic}


class InScope(models.Manager[Any]):
    """What Django asks where no manager is named: within a scope, for its clinic."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """All rows where there is no scope."""
        rows, clinic = super().get_queryset(), clinic_of_scope()
        return rows if clinic is None else rows.filter(clinic=clinic)


class OfAClinic(models.Model):
    """A row of a clinic."""

    clinic = ClinicField()

    objects = ScopedManager(clinic="clinic")
    in_scope = InScope()

    class Meta:
        abstract = True
        base_manager_name = "in_scope"
