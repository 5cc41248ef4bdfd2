"""The form of the recipient, and those of the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from decisions.desk.models import Delivery
from decisions.desk.replies.models import (
    LONGEST_BECAUSE,
    LONGEST_NAME,
    LONGEST_REACH,
    LONGEST_TEXT,
    Reply,
)
from decisions.desk.replies.taking import Said
from decisions.letters.verification.codes import REPLY_LENGTH, read_code
from kapnet.core.web.day_fields import DayField
from kapnet.core.web.plain_forms import PlainTextForm

LONGEST_TYPED = 40
NOT_A_CODE = "This is no reply code. It has sixteen letters and digits"
NOT_TAKEN = (
    "Nothing was sent. Check the code. If it is right, the letter was replaced, or its link has "
    "ended or was used too often: call or fax the sender as the letter says"
)
TEXT_NEEDED = {
    Reply.Kind.ASKS: "Write your question",
    Reply.Kind.REPORTS: "Write what you report",
}
FURTHEST = timedelta(days=3 * 365)
"""A day further from today than this is a slip of the keyboard."""


class ReplyForm(PlainTextForm, forms.Form):
    """What somebody says who holds the letter. Nothing on it tells whose letter it is."""

    code = forms.CharField(
        label="Reply code on the letter",
        max_length=LONGEST_TYPED,
        help_text="Sixteen letters and digits, such as 7Q2M-4F2A-91C0-7BE3.",
        error_messages={"required": "Enter the reply code of the letter"},
    )
    kind = forms.ChoiceField(
        label="Your answer",
        widget=forms.RadioSelect,
        choices=[
            (Reply.Kind.ACCEPTS, "We accept the referral"),
            (Reply.Kind.DECLINES, "We decline it"),
            (Reply.Kind.ASKS, "We have a question"),
            (Reply.Kind.REPORTS, "We report: a date, a decision, the result of a screen"),
        ],
        error_messages={"required": "Choose your answer"},
    )
    day = DayField(label="Day of the visit or result, if there is one", required=False)
    text = forms.CharField(
        label="What you want to say",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Leave out the patient’s name: the sender knows from the code who it is.",
    )
    name = forms.CharField(
        label="Your name and practice",
        max_length=LONGEST_NAME,
        error_messages={"required": "Enter your name and practice"},
    )
    reach = forms.CharField(
        label="Phone, for questions",
        required=False,
        max_length=LONGEST_REACH,
    )
    named = ("name",)

    def clean_code(self) -> str:
        """The code without what people put between its groups."""
        code = read_code(self.cleaned_data["code"], REPLY_LENGTH)
        if code is None:
            raise forms.ValidationError(NOT_A_CODE)
        return code

    def clean_day(self) -> Any:
        """A day that can be meant."""
        day = self.cleaned_data["day"]
        if day and abs(day - timezone.localdate()) > FURTHEST:
            raise forms.ValidationError("Enter a day within three years of today")
        return day

    def clean(self) -> dict[str, Any]:
        """A question and a report say something."""
        cleaned = super().clean() or {}
        needed = TEXT_NEEDED.get(cleaned.get("kind", ""))
        if needed and not (cleaned.get("text") or "").strip() and "text" not in self.errors:
            self.add_error("text", needed)
        return cleaned

    @property
    def said(self) -> Said:
        """What is said, once the form is right."""
        names = Said.__dataclass_fields__
        return Said(**{name: self.cleaned_data[name] for name in names})


class ConfirmForm(PlainTextForm, forms.Form):
    """Somebody of the desk vouches for a reply."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)
    reply_id = forms.UUIDField(widget=forms.HiddenInput)
    because = forms.CharField(
        label="How you know that it is from the recipient",
        max_length=LONGEST_BECAUSE,
        help_text="Such as: called the number in the directory, not the one in the reply.",
        error_messages={"required": "Say how you know that it is from the recipient"},
    )

    def __init__(self, data: Any = None, *, reply: Reply | None = None, delivery: Delivery) -> None:
        initial = {"reply_id": reply and reply.pk, "seen_version": delivery.version}
        super().__init__(data, initial=initial, auto_id=_ids("confirm", data, reply))


class AsideForm(PlainTextForm, forms.Form):
    """A reply counts for nothing."""

    reply_id = forms.UUIDField(widget=forms.HiddenInput)
    because = forms.CharField(
        label="Why it counts for nothing",
        max_length=LONGEST_BECAUSE,
        error_messages={"required": "Say why it counts for nothing"},
    )

    def __init__(self, data: Any = None, *, reply: Reply | None = None) -> None:
        initial = {"reply_id": reply and reply.pk}
        super().__init__(data, initial=initial, auto_id=_ids("aside", data, reply))


def _ids(what: str, data: Any, reply: Reply | None) -> str:
    """Ids of fields, apart for each reply of a page."""
    of = reply.pk if reply else (data or {}).get("reply_id", "")
    return f"{what}_{''.join(filter(str.isalnum, str(of)[:8]))}_%s"
