"""Forms of the entries: lists as lines, keys that stay, and why a change is made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from django import forms

from evidence.curation.actions import is_raised
from evidence.domain import terms
from evidence.domain.doi import as_doi
from evidence.domain.terms import EntryKind
from evidence.keys import TAKEN_BY_PAGES
from evidence.models import Caution, Claim, Position, Source
from evidence.presenters.differences import field_words
from evidence.rows import CAUTION_FIELDS, CLAIM_FIELDS, POSITION_FIELDS, SOURCE_FIELDS
from kapnet.core.web.day_fields import DayField
from kapnet.core.web.number_fields import PrintedInteger
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
            raise forms.ValidationError("A domain is given twice: give each once.")
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


class KeysField(LinesField):
    """Keys of sources, one a line, in the order of citing."""

    def clean(self, value: Any) -> Any:
        """Each key is that of a source, and is there once. Raises ValidationError."""
        keys = super().clean(value)
        known = set(Source.objects.values_list("key", flat=True))
        for key in keys:
            if key not in known:
                near = get_close_matches(key, known, n=3)
                meant = f" Did you mean {' or '.join(near)}?" if near else ""
                raise forms.ValidationError(f"No source has the key “{key}”.{meant}")
        if len(set(keys)) != len(keys):
            raise forms.ValidationError("A source is there twice: give each once.")
        return keys


KEYS_HELP = "Keys of sources, one a line, in the order of citing: philip-2016."


def _lines(label: str, help_text: str) -> LinesField:
    return LinesField(label=label, required=False, help_text=help_text)


def in_order(chosen: Iterable[str], before: Sequence[str]) -> list[str]:
    """What was chosen, in the order in which it was before; what is new comes last."""
    now = list(chosen)
    kept = [one for one in before if one in now]
    return [*kept, *(one for one in now if one not in kept)]


class CuratedForm(PlainTextForm, forms.ModelForm):  # type: ignore[type-arg]
    """An entry, why it is changed, and what was read where it counts as read further.

    It writes nothing: `evidence.curation.editing` makes an entry of it.
    """

    entry_kind: EntryKind

    reason = forms.CharField(
        label="Why this change",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For the person who reviews it, and for everyone who looks back.",
        error_messages={"required": "Say why, in a few words."},
    )
    was_read = forms.CharField(
        label="What was read",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed where it now counts as read further: which text, which copy.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._meta.fields or ():
            field = self.fields[name]
            if name not in self.declared_fields:
                words = field_words(self.entry_kind, name)
                field.label = words[:1].upper() + words[1:]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
        if not self.instance._state.adding:
            self.fields[self.instance._meta.pk.name].disabled = True

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

    entry_kind = EntryKind.SOURCE

    as_printed = forms.BooleanField(label="The numbers are so printed", required=False)

    authors = _lines(
        "Authors", "One a line, as printed: Philip NS. “et al.” where more were not seen."
    )
    checked_at = _lines("Checked at", "Where the copies were seen, one a line.")
    doubts = _lines("Doubts", "What a curator should look into, one a line.")
    certainty_reasons = CertaintyReasonsField(
        label="Reasons for the certainty",
        required=False,
        help_text="One a line: imprecision: serious: 28 people, wide interval.",
    )
    bears_on = forms.MultipleChoiceField(
        label="Questions it helps to answer",
        required=False,
        choices=terms.BearsOn.choices(),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Source
        fields = SOURCE_FIELDS
        field_classes = {
            **dict.fromkeys(("review_by", "valid_until"), DayField),
            "n": PrintedInteger,
        }

    def clean_key(self) -> str:
        """A key is an address of its own."""
        key = str(self.cleaned_data["key"])
        if key in TAKEN_BY_PAGES:
            raise forms.ValidationError(f"“{key}” is the address of a page. Choose another key.")
        return key

    def clean_bears_on(self) -> list[str]:
        """Ticking boxes changes no order: what is as before is no change."""
        return in_order(self.cleaned_data["bears_on"], self.initial.get("bears_on") or [])

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

    entry_kind = EntryKind.POSITION

    checked_at = _lines("Checked at", "Where it was read, one a line.")

    class Meta:
        model = Position
        fields = ("guideline", *POSITION_FIELDS)


class CautionForm(CuratedForm):
    """A contraindication, review, precaution or interaction."""

    entry_kind = EntryKind.CAUTION

    sources = KeysField(label="Sources", help_text=KEYS_HELP)

    class Meta:
        model = Caution
        fields = CAUTION_FIELDS
        field_classes = {"valid_until": DayField}


class ClaimForm(CuratedForm):
    """A published claim."""

    entry_kind = EntryKind.CLAIM

    evidence = KeysField(label="Sources", required=False, help_text=KEYS_HELP)

    class Meta:
        model = Claim
        fields = ("source", *CLAIM_FIELDS)


class WithdrawalForm(PlainTextForm, forms.Form):
    """As what an entry is withdrawn, and why."""

    asks_to = "withdraw"

    withdrawn_as = forms.ChoiceField(
        label="As",
        choices=terms.WithdrawnAs.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose as what it is withdrawn."},
    )
    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Shown on the page of the entry, with the day.",
        error_messages={"required": "Say why it is withdrawn."},
    )


class RestoreForm(PlainTextForm, forms.Form):
    """Why a withdrawal is taken back."""

    asks_to = "restore"

    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why it counts again."},
    )
