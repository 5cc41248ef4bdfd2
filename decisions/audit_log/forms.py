"""The filters of the audit log."""

from __future__ import annotations

from datetime import date
from operator import itemgetter
from typing import Any

from django import forms

from decisions.audit_log.queries import NOBODY, Filters
from decisions.audit_log.sentences import kind_in_words
from kapnet.core.people.models import Membership
from kapnet.core.web.day_fields import DayField

NOT_A_NUMBER = "Enter the number of a case, such as 12"
NOT_A_DAY = "Enter a day, such as 23 November 2026"
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
HIGHEST = 2_147_483_647
"""Of the numbers that a database keeps for a case."""


class EventDayField(DayField):
    """A day that a clinic can have events on."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, error_messages={"invalid": NOT_A_DAY})

    def clean(self, value: Any) -> date | None:
        """Years outside of any clinic's life are slips of the hand."""
        day: date | None = super().clean(value)
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(NOT_A_DAY)
        return day


class AuditLogForm(forms.Form):
    """Person, action, days, case and reference. No name is asked for, and no address has one."""

    person = forms.ChoiceField(required=False)
    action = forms.ChoiceField(label="What", required=False)
    since = EventDayField("From")
    until = EventDayField("To")
    case = forms.CharField(
        label="Number of the case",
        required=False,
        max_length=12,
        error_messages={"max_length": NOT_A_NUMBER},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    q = forms.CharField(
        label="Reference of the patient",
        required=False,
        max_length=60,
        help_text="Whole, as the case has it.",
    )

    def __init__(
        self, *args: Any, people: list[Membership], actions: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.user_id), str(one.user)) for one in people]
        person: Any = self.fields["person"]
        person.choices = [("", "Anybody"), *named, (NOBODY, "Nobody signed in")]
        action: Any = self.fields["action"]
        kinds = sorted(((one, kind_in_words(one)) for one in actions), key=itemgetter(1))
        action.choices = [("", "Anything"), *kinds]

    def clean_case(self) -> int | None:
        """With or without the word and the zeros that pages print it with."""
        text = self.cleaned_data["case"].strip().lower().removeprefix("case").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdecimal()) or int(text) > HIGHEST:
            raise forms.ValidationError(NOT_A_NUMBER)
        return int(text)

    def filters(self) -> Filters:
        """What is asked for, of a form without a mistake."""
        asked = self.cleaned_data
        return Filters(
            person=asked["person"],
            action=asked["action"],
            since=asked["since"],
            until=asked["until"],
            case_number=asked["case"],
            reference=asked["q"],
        )
