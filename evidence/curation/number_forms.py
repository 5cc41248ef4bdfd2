"""The numbers of a source as curators type them: odd ones are asked about once."""

from __future__ import annotations

from typing import Any

from django import forms
from pydantic import ValidationError

from evidence.domain import entries as domain
from evidence.domain import parts, terms
from evidence.domain.plausibility import new_oddities
from evidence.models import Result
from evidence.presenters.differences import field_words
from evidence.rows import RESULT_FIELDS
from kapnet.core.web.number_fields import PrintedFloat, PrintedInteger
from kapnet.core.web.plain_forms import PlainTextForm

AS_PRINTED = "as_printed"
"""The box by which a curator says that odd numbers are so in the source."""

PREFIX = "results"


class NumberForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """One number of a source."""

    class Meta:
        model = Result
        fields = RESULT_FIELDS
        field_classes = {
            **dict.fromkeys(("value", "value_low", "value_high", "sd"), PrintedFloat),
            **dict.fromkeys(("ci_low", "ci_high"), PrintedFloat),
            **dict.fromkeys(("events", "total", "n"), PrintedInteger),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in RESULT_FIELDS:
            words = str(self.fields[name].label or field_words(terms.EntryKind.SOURCE, name))
            self.fields[name].label = words[:1].upper() + words[1:]

    @property
    def number(self) -> parts.Result | None:
        """What was typed; None where it is empty or taken out. Raises pydantic.ValidationError."""
        typed = self.cleaned_data
        if not typed or typed.get("DELETE"):
            return None
        fields = {name: None if (one := typed.get(name)) == "" else one for name in RESULT_FIELDS}
        return parts.Result(**fields)

    @property
    def name(self) -> str:
        """What the number is about, as far as it was said before."""
        said = (self.initial.get(name) for name in ("measure", "arm", "timepoint"))
        return ", ".join(one for one in said if one)


class BaseNumbers(forms.BaseFormSet):  # type: ignore[type-arg]
    """Refuses numbers that look odd until somebody says that they are so printed.

    before: the source as it is, or None. is_confirmed: whether somebody had to say so, and did.
    """

    is_confirmed = False

    def __init__(self, data: Any = None, *, before: domain.Source | None) -> None:
        self.before = before
        numbers = before.results if before else ()
        super().__init__(data, prefix=PREFIX, initial=[one.model_dump() for one in numbers])

    @property
    def numbers(self) -> tuple[parts.Result, ...]:
        """All of them, in their order."""
        return tuple(one for form in self.forms if (one := form.number))

    def clean(self) -> None:
        """Compare what would be saved with what is stored; what was odd before is not asked."""
        if any(self.errors):
            return
        try:
            odd = new_oddities(before=self.before, after=self._after())
        except ValidationError as problem:
            told = "; ".join(one["msg"] for one in problem.errors(include_url=False))
            raise forms.ValidationError(f"A number cannot be kept: {told}.") from problem
        self.is_confirmed = bool(odd and self.data.get(AS_PRINTED))
        if odd and not self.is_confirmed:
            told = " ".join(f"{one.place}: {one.sentence}." for one in odd)
            raise forms.ValidationError(
                f"{told} Compare it with the source. If it is so printed, tick “The numbers are so "
                "printed” at the end and save again; nothing that you typed is lost."
            )

    def _after(self) -> domain.Source:
        """The source with these numbers; its other fields bear on no number."""
        usual = self.before or domain.Source(
            key="new", kind=terms.Kind.RCT, verified=terms.Verified.UNVERIFIED
        )
        return usual.model_copy(update={"results": self.numbers})


Numbers = forms.formset_factory(NumberForm, formset=BaseNumbers, extra=1, can_delete=True)
