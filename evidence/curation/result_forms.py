"""The numbers of a source as curators type them: odd ones are asked about once."""

from __future__ import annotations

from typing import Any

from django import forms
from pydantic import ValidationError

from evidence.domain import entries as domain
from evidence.domain import parts, terms
from evidence.domain.oddities import new_oddities
from evidence.models import Source
from evidence.rows import RESULT_FIELDS, source_of
from kapnet.core.web.plain_forms import PlainTextForm

AS_PRINTED = "as_printed"
"""The box by which a curator says that odd numbers stand so in the source."""


class ResultForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """One number of a source."""


class ResultFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """Refuses numbers that look odd until somebody says that they are so printed.

    is_confirmed: whether somebody had to say so, and did.
    """

    is_confirmed = False

    def clean(self) -> None:
        """Compare what would be saved with what is stored; what was odd before is not asked."""
        super().clean()
        if any(self.errors):
            return
        odd = new_oddities(before=self._before(), after=self._after())
        self.is_confirmed = bool(odd and self.data.get(AS_PRINTED))
        if odd and not self.is_confirmed:
            told = " ".join(f"{one.place}: {one.sentence}." for one in odd)
            raise forms.ValidationError(
                f"{told} Compare it with the source. If it is so printed, tick “The numbers are so "
                "printed” at the end and save again; nothing that you typed is lost."
            )

    def _before(self) -> domain.Source | None:
        found = Source.objects.prefetch_related("results").filter(pk=self.instance.pk or "").first()
        return source_of(found) if found else None

    def _after(self) -> domain.Source:
        """The source with the numbers of the forms; its other fields bear on no number."""
        usual = self._before() or domain.Source(
            key="new", kind=terms.Kind.RCT, verified=terms.Verified.UNVERIFIED
        )
        results = [one for form in self.forms if (one := _result_of(form))]
        return usual.model_copy(update={"results": tuple(results)})


def _result_of(form: Any) -> parts.Result | None:
    """The number of one form; None where it is empty, taken out, or cannot be."""
    typed = form.cleaned_data
    if not typed or typed.get("DELETE"):
        return None
    fields = {name: typed.get(name) for name in RESULT_FIELDS}
    try:
        return parts.Result(**{name: None if one == "" else one for name, one in fields.items()})
    except ValidationError:
        return None
