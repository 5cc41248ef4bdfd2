"""Forms whose text shows what it says: hidden characters are refused by name."""

from __future__ import annotations

from typing import Any

from django import forms

from kapnet.plain_text import hidden_in, one_spelling

HIDDEN = "This text has characters that cannot be seen ({found}). Type it again without them."


def refuse_hidden(text: str) -> None:
    """Raises ValidationError where a text could read as something that it is not."""
    if found := hidden_in(text):
        raise forms.ValidationError(HIDDEN.format(found=", ".join(found)))


class PlainTextForm(forms.BaseForm):
    """Refuses hidden characters in every text, and keeps one spelling of what is left."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.validators.append(refuse_hidden)

    def clean(self) -> dict[str, Any]:
        """Every text in one spelling."""
        cleaned = super().clean() or self.cleaned_data
        texts = {name: one for name, one in cleaned.items() if isinstance(one, str)}
        return {**cleaned, **{name: one_spelling(text) for name, text in texts.items()}}
