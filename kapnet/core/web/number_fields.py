"""Fields for numbers as papers print them: 1,203 and 0·45, and a minus sign that is no hyphen.

A comma with two digits behind it could be a decimal point or a slip: it is refused.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms

MINUS = re.compile(r"\A[\u2010-\u2015\u2212](?=[0-9.\u00b7])")
DECIMAL = re.compile(r"(?<=[0-9])[\u00b7\u2219\u22c5](?=[0-9])")
THOUSANDS = re.compile(
    r"-?[0-9]{1,3}(?P<sign>[,\u0020\u00a0\u2009\u202f])[0-9]{3}(?:(?P=sign)[0-9]{3}){0,4}(?:\.[0-9]{1,9})?"
)


def as_typed(text: str) -> str:
    """A printed number as a computer writes it; anything else stays as it is."""
    plain = DECIMAL.sub(".", MINUS.sub("-", text.strip()))
    grouped = THOUSANDS.fullmatch(plain)
    return plain.replace(grouped["sign"], "") if grouped else plain


class NumberInput(forms.TextInput):
    """Keeps what was pasted, where the browser's own control for numbers would show nothing."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", **(attrs or {})})


class _Printed(forms.Field):
    widget = NumberInput

    def to_python(self, value: Any) -> Any:
        """Raises ValidationError."""
        return super().to_python(as_typed(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No bounds and no step: they belong to the browser's control."""
        return {}


class PrintedInteger(_Printed, forms.IntegerField):
    """A whole number."""


class PrintedFloat(_Printed, forms.FloatField):
    """A number."""
