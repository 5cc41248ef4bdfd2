"""Forms of curation: lists as lines, keys that stay, and the reason for a retraction."""

from __future__ import annotations

from typing import Any

from django import forms

from evidence.curation.actions import is_raised
from evidence.domain import terms
from evidence.domain.doi import as_doi
from evidence.keys import TAKEN_BY_PAGES
from evidence.models import Caution, Claim, Position, Source
from evidence.rows import CAUTION_FIELDS, CLAIM_FIELDS, POSITION_FIELDS, SOURCE_FIELDS
from kapnet.core.web.plain_forms import PlainTextForm


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The lines as a list; empty lines say nothing."""
        text = super().to_python(value) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares lists with lists."""
        return bool((initial or []) != self.to_python(data))


class CertaintyReasonsField(forms.CharField):
    """Reasons for a certainty as lines of domain, judgment and why, apart by colons."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """The reasons as lines."""
        if not isinstance(value, list):
            return value
        return "\n".join(f"{one['domain']}: {one['judgment']}: {one['why']}" for one in value)

    def to_python(self, value: Any) -> Any:
        """The lines as reasons. Raises ValidationError that names the line."""
        text = super().to_python(value) or ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        reasons = [self._reason(line) for line in lines]
        domains = [one["domain"] for one in reasons]
        if len(set(domains)) != len(domains):
            raise forms.ValidationError("A domain stands twice: give each once.")
        return reasons

    def _reason(self, line: str) -> dict[str, str]:
        parts = [part.strip() for part in line.split(":", 2)]
        if len(parts) != 3 or not parts[2]:
            raise forms.ValidationError(f"“{line}” is not domain: judgment: why.")
        place, judgment, why = parts[0].replace(" ", "_"), parts[1].replace(" ", "_"), parts[2]
        if place not in terms.CertaintyDomain.values():
            raise forms.ValidationError(
                f"“{parts[0]}” is no domain: use {', '.join(terms.CertaintyDomain.values())}."
            )
        if judgment not in terms.Judgment.values():
            raise forms.ValidationError(
                f"“{parts[1]}” is no judgment: use {', '.join(terms.Judgment.values())}."
            )
        return {"domain": place, "judgment": judgment, "why": why}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compares the text, so that a faulty line counts as a change."""
        return str(self.prepare_value(initial or []) or "") != str(data or "").strip()


def _lines(label: str, help_text: str) -> LinesField:
    return LinesField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )


class CuratedForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """An entry, why it is changed, and what was read where it counts as read further."""

    reason = forms.CharField(
        label="Why this change",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="For the person who reviews it, and for everyone who looks back.",
        error_messages={"required": "Say why, in a few words."},
    )
    was_read = forms.CharField(
        label="What was read",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="Needed where it now counts as read further: which text, which copy.",
    )

    def clean(self) -> dict[str, Any]:
        """Nothing counts as read further without a note of what was read."""
        cleaned = super().clean()
        now = self.cleaned_data.get("verified", "")
        before = self.initial.get("verified", "")
        if is_raised(before, now) and not self.cleaned_data.get("was_read"):
            self.add_error("was_read", "It now counts as read further: say what was read.")
        return cleaned


class SourceForm(CuratedForm):
    """One source. Odd numbers are asked about once, told after saving, and kept as printed."""

    as_printed = forms.BooleanField(
        label="The numbers are so printed",
        required=False,
        help_text="Tick it where a number looks odd and stands so in the source.",
    )

    authors = _lines(
        "Authors", "One a line, as printed: Philip NS. “et al.” where more were not seen."
    )
    checked_at = _lines("Checked at", "Where the copies were seen, one a line.")
    doubts = _lines("Doubts", "What a curator should look into, one a line.")
    certainty_reasons = CertaintyReasonsField(
        required=False,
        help_text="One a line: imprecision: serious: 28 people, wide interval.",
    )
    bears_on = forms.MultipleChoiceField(
        required=False,
        choices=terms.BearsOn.choices(),
        widget=forms.CheckboxSelectMultiple,
        help_text="The questions that it helps to answer.",
    )

    class Meta:
        model = Source
        fields = SOURCE_FIELDS

    def clean_key(self) -> str:
        """A key is an address of its own."""
        key = str(self.cleaned_data["key"])
        if key in TAKEN_BY_PAGES:
            raise forms.ValidationError(f"“{key}” is the address of a page. Choose another key.")
        return key

    def clean_url(self) -> str:
        """Only addresses of the web become links."""
        url = str(self.cleaned_data["url"])
        if url and not url.startswith(("https://", "http://")):
            raise forms.ValidationError("Write the whole address, starting with https://")
        return url

    def clean_doi(self) -> str:
        """The identifier alone, however it was pasted."""
        written = str(self.cleaned_data["doi"])
        doi = as_doi(written)
        if written and not doi:
            raise forms.ValidationError("A DOI starts with 10., as in 10.1016/j.brs.2015.11.007.")
        return doi


class PositionForm(CuratedForm):
    """What one guideline says of one treatment."""

    checked_at = _lines("Checked at", "Where it was read, one a line.")

    class Meta:
        model = Position
        fields = ("guideline", *POSITION_FIELDS)


class CautionForm(CuratedForm):
    """A contraindication, review, precaution or interaction."""

    class Meta:
        model = Caution
        fields = CAUTION_FIELDS


class ClaimForm(CuratedForm):
    """A published claim."""

    class Meta:
        model = Claim
        fields = ("source", *CLAIM_FIELDS)


class WithdrawalForm(PlainTextForm, forms.Form):
    """As what an entry is withdrawn, and why."""

    withdrawn_as = forms.ChoiceField(
        label="As", choices=terms.WithdrawnAs.choices(), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 32}),
        help_text="Shown on the page of the entry, with the day.",
        error_messages={"required": "Say why it is withdrawn."},
    )
