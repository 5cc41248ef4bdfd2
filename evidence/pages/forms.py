"""The search form of the evidence list."""

from __future__ import annotations

from django import forms

from evidence.domain import terms
from evidence.search.search import NOT_GRADED, Criteria

ANY = ("", "Any")


def _choice(label: str, values: list[tuple[str, str]]) -> forms.ChoiceField:
    messages = {"invalid_choice": f"Choose one of the list under “{label}”."}
    return forms.ChoiceField(
        label=label, required=False, choices=[ANY, *values], error_messages=messages
    )


class SearchForm(forms.Form):
    """Words, and four lists. What is left open asks nothing."""

    words = forms.CharField(label="Words", required=False, max_length=200)
    kind = _choice("Kind", terms.Kind.choices())
    bears_on = _choice("Bears on", terms.BearsOn.choices())
    certainty = _choice("Certainty", [*terms.Certainty.choices(), (NOT_GRADED, "Not graded")])
    verified = _choice("How far it was read", terms.Verified.choices())

    def criteria(self) -> Criteria:
        """What is asked for; a field with a mistake in it asks nothing."""
        self.is_valid()
        return Criteria(**{name: self.cleaned_data.get(name, "") for name in self.fields})

    @property
    def lists(self) -> list[forms.BoundField]:
        """The fields that choose from a list."""
        return [self[name] for name in ("kind", "bears_on", "certainty", "verified")]
