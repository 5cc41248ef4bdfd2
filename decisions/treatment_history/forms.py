"""The forms of treatment history. Only what names a row is required: the rest may be unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.utils import timezone
from pydantic import ValidationError

from decisions.documents.letter.history_doubts import Life, doubts_about
from decisions.documents.letter.history_words import HistoryWords
from decisions.documents.letter.page_one.trials import THIS
from decisions.documents.letter.partial_date import is_after, read_partial, say_partial
from decisions.documents.letter.treatment_history import KINDS
from decisions.rules.logic.values import Frozen
from kapnet.core.web.plain_forms import PlainTextForm, SavedForm

SHORT, LONG = 80, 300


def _text(
    label: str, *, longest: int = LONG, help_text: str = "", needed: str = ""
) -> forms.CharField:
    messages = {"required": needed} if needed else None
    return forms.CharField(
        label=label,
        max_length=longest,
        required=bool(needed),
        help_text=help_text,
        error_messages=messages,
    )


def _number(label: str, largest: int, *, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=largest,
        help_text=help_text,
        error_messages={"invalid": "Enter a whole number, or leave it open"},
    )


class PartialDateField(forms.CharField):
    """A year, a month or a day. Empty where it is not known."""

    def __init__(self, label: str, *, hint: str = "2024, May 2024 or 17 May 2024.") -> None:
        super().__init__(label=label, required=False, max_length=40)
        self.help_text = hint

    def clean(self, value: object) -> str:
        """2024, 2024-05 or 2024-05-17; never a day to come."""
        text = super().clean(value)
        try:
            written = cast("str", read_partial(text))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if written and is_after(written, timezone.localdate()):
            raise forms.ValidationError("This day is still to come")
        return written

    def prepare_value(self, value: object) -> object:
        """What is stored, as people write it; what somebody typed stays as it is."""
        is_stored = isinstance(value, str) and value[:4].isdigit() and "/" not in value
        return say_partial(value) if is_stored and isinstance(value, str) else value


class RowForm(SavedForm, PlainTextForm):
    """One row of a kind, and which saved state its reader was looking at."""

    kind: str

    def __init__(
        self, *args: Any, words: HistoryWords, born: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.words, self.born = words, born
        for name, list_name in self.lists().items():
            choices = [*words.choices[list_name].items(), ("", "Not known")]
            free = self.fields[name]
            self.fields[name] = forms.ChoiceField(
                label=free.label,
                choices=choices,
                required=free.required,
                error_messages={"required": free.error_messages["required"]},
            )
        for name, list_name in self.suggested().items():
            self.fields[name].widget.attrs["list"] = list_name
        self.suggestions = {one: words.choices[one].values() for one in self.suggested().values()}

    @classmethod
    def suggested(cls) -> Mapping[str, str]:
        """Field -> the list that is suggested for it; anything else can be written."""
        return {}

    @classmethod
    def lists(cls) -> Mapping[str, str]:
        """Field -> the list of the edition that it is chosen from."""
        return {}

    def clean(self) -> dict[str, Any]:
        """Scores on their scale, days in their order, and whatever the row refuses."""
        values = super().clean()
        if not self.errors:
            self._build(values)
        return values

    def _build(self, values: dict[str, Any]) -> None:
        kept = {name: value for name, value in values.items() if name != "version"}
        try:
            self.row: Frozen = KINDS[self.kind].model_validate(kept)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                self.add_error(str(one["loc"][0]), one["msg"])
            return
        for field, why in doubts_about(self.row, self.words, Life(self.born, timezone.localdate())):
            self.add_error(field, why)


class TmsCourseForm(RowForm):
    """One course of TMS."""

    kind = "tms_courses"
    started = PartialDateField("first session")
    ended = PartialDateField("last session")
    device = _text("device and coil", longest=SHORT)
    target = _text("target", longest=SHORT)
    protocol = _text("protocol", longest=SHORT, help_text="Such as 10 Hz, or theta burst.")
    sessions = _number("sessions", 1000)
    scale = _text("scale of the scores")
    score_before = _number("score before", 200)
    score_before_on = PartialDateField("day of the score before")
    score_after = _number("score after", 200, help_text="On the same scale.")
    score_after_on = PartialDateField("day of the score after")
    lost_on = PartialDateField("when the response was lost")
    adverse_events = _text("adverse events")
    threshold = _text("changes of the motor threshold")
    why_stopped = _text("why it ended")

    @classmethod
    def lists(cls) -> Mapping[str, str]:
        """The scale is chosen."""
        return {"scale": "scales"}

    @classmethod
    def suggested(cls) -> Mapping[str, str]:
        """Adverse events that are worth asking about."""
        return {"adverse_events": "events"}


class DrugTrialForm(RowForm):
    """One medicine tried."""

    kind = "trials"
    drug = _text("medicine", longest=SHORT, needed="Enter the medicine")
    drug_class = _text("class")
    highest_dose = _text("highest dose", longest=SHORT, help_text="With its unit, such as 200 mg.")
    started = PartialDateField("first day")
    ended = PartialDateField("last day")
    weeks = _number("weeks at that dose", 1000)
    episode = _text("in which episode")
    scale = _text("scale of the scores")
    score_before = _number("score before", 200)
    score_after = _number("score after", 200, help_text="On the same scale.")
    adherence = _text("how it was taken")
    result = _text("result")
    why_stopped = _text("why it was stopped")
    source = _text("who says so")

    def __init__(self, *args: Any, words: HistoryWords, **kwargs: Any) -> None:
        super().__init__(*args, words=words, **kwargs)
        which: Any = self.fields["episode"]
        which.choices, which.initial = list(words.choices["episodes"].items()), THIS

    @classmethod
    def lists(cls) -> Mapping[str, str]:
        """Class, episode, scale, adherence, result and source are chosen."""
        return {
            "drug_class": "classes",
            "episode": "episodes",
            "scale": "scales",
            "adherence": "adherence",
            "result": "results",
            "source": "sources",
        }


class OtherTreatmentForm(RowForm):
    """ECT, psychotherapy or ketamine."""

    kind = "others"
    # The field of the row is called "kind", too: it is declared in `__init__`.
    details = _text("what exactly", help_text="Electrodes, method, or route and dose.")
    number = _number("sessions or doses", 1000)
    started = PartialDateField("first one")
    ended = PartialDateField("last one")
    result = _text("result")
    why_stopped = _text("why it was stopped")
    source = _text("who says so")

    def __init__(self, *args: Any, words: HistoryWords, **kwargs: Any) -> None:
        super().__init__(*args, words=words, **kwargs)
        which = forms.ChoiceField(
            label="treatment",
            choices=[("", "Choose one"), *words.choices["kinds"].items()],
            error_messages={"required": "Choose the treatment"},
        )
        self.fields = {"kind": which, **self.fields}

    @classmethod
    def lists(cls) -> Mapping[str, str]:
        """Result and source are chosen."""
        return {"result": "results", "source": "sources"}


class MedicineForm(RowForm):
    """One medicine taken now."""

    kind = "medicines"
    name = _text("medicine", longest=SHORT, needed="Enter the medicine")
    dose = _text("dose", longest=SHORT)
    frequency = _text("how often", longest=SHORT)
    since = PartialDateField("since", hint="Such as May 2024.")
    route = _text("route", longest=SHORT)


class AllergyForm(RowForm):
    """One allergy."""

    kind = "allergies"
    substance = _text("to what", longest=SHORT, needed="Enter what the allergy is to")
    reaction = _text("what happened")


class EarlierScoreForm(RowForm):
    """One score of the past."""

    kind = "scores"
    scale = _text("scale", needed="Choose the scale")
    score = _number("score", 200)
    taken = PartialDateField("when")
    moment = _text("which one")
    is_incomplete = forms.BooleanField(label="the form was incomplete", required=False)

    @classmethod
    def lists(cls) -> Mapping[str, str]:
        """Scale and moment are chosen."""
        return {"scale": "scales", "moment": "moments"}


FORMS: Mapping[str, type[RowForm]] = {
    form.kind: form
    for form in (
        *(TmsCourseForm, DrugTrialForm, OtherTreatmentForm, MedicineForm),
        *(AllergyForm, EarlierScoreForm),
    )
}
"""Kind -> its form."""
