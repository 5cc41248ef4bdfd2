"""Forms whose text shows what it says, and that know which saved state their reader was looking at.

Hidden characters are refused by name.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms

from kapnet.core.text import has_letter, hidden_in, one_spelling, text_before_hidden

HIDDEN = (
    "This text has characters that cannot be seen ({found}){place}. Type it again without them."
)
PLACE = ", the first after “{before}”"
WORDS_BEFORE, LONGEST_BEFORE = 3, 40
"""How much of the text shows where in it a hidden character is."""
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
"""For a page that does not say which saved state it showed: older than every state."""
ONE_LINE = "Write this on one line"
NO_LETTER = "Write at least one letter or number"


def refuse_hidden(value: object) -> None:
    """Raises ValidationError where a text could read as something that it is not.

    It names what was found and where, for nobody can look for it.
    """
    text = _text_of(value)
    if found := hidden_in(text):
        before = " ".join(text_before_hidden(text).split()[-WORDS_BEFORE:])[-LONGEST_BEFORE:]
        place = PLACE.format(before=before) if before else ""
        raise forms.ValidationError(HIDDEN.format(found=", ".join(found), place=place))


def _text_of(value: object) -> str:
    """What was typed, also into a field of several lines; what is no text has nothing hidden."""
    lines = value if isinstance(value, list | tuple) else [value]
    return "\n".join(one for one in lines if isinstance(one, str))


def refuse_lines(text: str) -> None:
    """Raises ValidationError for a line break, where a name or a number is one line."""
    if "\n" in text.strip() or "\r" in text.strip():
        raise forms.ValidationError(ONE_LINE)


def refuse_nothing_to_read(text: str) -> None:
    """Raises ValidationError where signs alone are left, none of which is a letter."""
    if text and not has_letter(text):
        raise forms.ValidationError(NO_LETTER)


class PlainTextForm(forms.BaseForm):
    """Refuses hidden characters in every text, and keeps one spelling of what is left.

    A field of one line takes no line break. named: fields that need something to read, where they
    are filled in.
    """

    named: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
                field.validators.append(refuse_hidden)
                if not isinstance(field.widget, forms.Textarea | forms.HiddenInput):
                    field.validators.append(refuse_lines)
                if name in self.named:
                    field.validators.append(refuse_nothing_to_read)

    def clean(self) -> dict[str, Any]:
        """Every text in one spelling."""
        cleaned = super().clean() or self.cleaned_data
        texts = {name: one for name, one in cleaned.items() if isinstance(one, str)}
        return {**cleaned, **{name: one_spelling(text) for name, text in texts.items()}}


class SavedForm(forms.Form):
    """Sends back when its row was saved, so that nothing newer is overwritten."""

    version = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    @property
    def seen_at(self) -> datetime:
        """When the row was saved that the reader was looking at."""
        seen: datetime = self.cleaned_data.get("version") or LONG_AGO
        return seen

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, by field of the model."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class SavedModelForm(SavedForm, PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """The same of a row that says itself when it was saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = self.instance.saved_at
        self.initial["version"] = saved.isoformat() if saved else ""
