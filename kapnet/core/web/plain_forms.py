"""Forms whose text shows what it says: hidden characters are refused by name."""

from __future__ import annotations

from typing import Any

from django import forms

from kapnet.core.text import has_letter, hidden_in, one_spelling

HIDDEN = "This text has characters that cannot be seen ({found}). Type it again without them."
ONE_LINE = "Write this on one line"
NO_LETTER = "Write at least one letter or number"


def refuse_hidden(text: str) -> None:
    """Raises ValidationError where a text could read as something that it is not."""
    if found := hidden_in(text):
        raise forms.ValidationError(HIDDEN.format(found=", ".join(found)))


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
            if isinstance(field, forms.CharField):
                field.validators.append(refuse_hidden)
                if not isinstance(field.widget, forms.Textarea):
                    field.validators.append(refuse_lines)
                if name in self.named:
                    field.validators.append(refuse_nothing_to_read)

    def clean(self) -> dict[str, Any]:
        """Every text in one spelling."""
        cleaned = super().clean() or self.cleaned_data
        texts = {name: one for name, one in cleaned.items() if isinstance(one, str)}
        return {**cleaned, **{name: one_spelling(text) for name, text in texts.items()}}
