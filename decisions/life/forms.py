"""The forms around the life of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms

from decisions.cases.models import Case
from decisions.life.models import LifeStep
from decisions.life.queries import colleagues_for
from kapnet.core.people.models import Membership, User
from kapnet.core.people.queries import away_today
from kapnet.core.web.days import say_day
from kapnet.core.web.plain_forms import PlainTextForm

LONGEST_NOTE = 2000


class NoteForm(PlainTextForm, forms.Form):
    """A note that stays with the case."""

    note = forms.CharField(
        label="Note",
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CloseForm(NoteForm):
    """Why a case is closed."""

    reason = forms.ChoiceField(
        label="Why is it closed?",
        choices=LifeStep.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the case is closed"},
    )
    field_order = ("reason", "note")

    def clean(self) -> dict[str, Any]:
        """Another reason is written down."""
        cleaned = super().clean()
        if cleaned.get("reason") == LifeStep.Reason.OTHER and not cleaned.get("note", "").strip():
            self.add_error("note", "Write the reason")
        return cleaned


class Colleague(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A therapist by name; two of the same name are told apart by their address."""

    away: Mapping[UUID, Membership] = {}
    """Who is away today, and who stands in."""

    def label_from_instance(self, obj: User) -> str:
        """Name and address, and until when they are away."""
        name = f"{obj.name}, {obj.email}" if obj.name else obj.email
        place = self.away.get(obj.pk)
        if place and place.away_until:
            name += f": away until {say_day(place.away_until)}, {place.stand_in} stands in"
        return name


class HandOverForm(NoteForm):
    """Who takes the case over."""

    to = Colleague(
        label="Who takes the case over?",
        queryset=User.objects.none(),
        empty_label="Choose a therapist",
        error_messages={
            "required": "Choose who takes the case over",
            "invalid_choice": "Choose another therapist of this clinic",
        },
    )
    field_order = ("to", "note")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        to.away = {one.user_id: one for one in away_today()}  # type: ignore[attr-defined]
        to.queryset = colleagues_for(case)  # type: ignore[attr-defined]
