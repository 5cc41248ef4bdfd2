"""The forms of letters: nothing is required, so that a draft can always be kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.functional import cached_property

from decisions.consents.models import Consent
from decisions.consents.queries import consents_of, standing_consents_of
from decisions.documents.decision_aid.loading import sheet_version
from decisions.documents.letter.material import Facts
from decisions.documents.letter.not_known import ROWS_FOR
from decisions.letters.models import Letter, LetterFacts, YesNo
from decisions.letters.queries import facts_of
from decisions.letters.signing.confirming import CONFIRMED, Confirmation
from decisions.rules.engine.result_words import FIRST_COURSE
from kapnet.core.directory.models import Site
from kapnet.core.directory.queries import open_sites
from kapnet.core.web.day_fields import DayField
from kapnet.core.web.plain_forms import SavedModelForm

LONGEST_TEXT = 6000
BY_HAND = tuple(
    f"recipient_{name}" for name in ("organization", "name", "address", "phone", "secure_reply")
)
"""Fields that the directory fills in where the recipient comes from it."""
BASES = (
    ("True", "Treatment: the recipient treats this patient or is asked to"),
    ("False", "An authorization that was signed"),
)
PAPERS = (
    ("authorization", Consent.Kind.AUTHORIZATION, "The authorization"),
    ("part2_consent", Consent.Kind.PART2, "Consent for substance use records (42 CFR Part 2)"),
)
CONDITIONS = ("ptsd", "eating_disorder")
"""Conditions that are asked for here where the questionnaire of the case does not ask."""
OLDER_TEXT = "Written before. It has a place of its own now: move it there, and clear it."
YES_NO = ("safety_plan", "means_safety", *CONDITIONS)


class _SavedForm(SavedModelForm):
    """A form in which nothing has to be filled in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            if isinstance(field.widget, forms.Textarea):
                field.validators.append(MaxLengthValidator(LONGEST_TEXT))


def _radios(choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, required=False, widget=forms.RadioSelect)


class FactsForm(_SavedForm):
    """What a letter says besides the answers.

    asked_elsewhere: the conditions that are not in the questionnaire of the case.
    """

    class Meta:
        model = LetterFacts
        fields = tuple(Facts.model_fields)
        field_classes = {"suicide_assessed_on": DayField, "sheet_given_on": DayField}
        labels = {
            "diagnosis_code": "Diagnosis code",
            "specifier": "Specifier of the episode",
            "suicide_assessed_on": "Day of the suicide risk assessment",
            "safety_plan": "Is there a safety plan?",
            "means_safety": "Was means safety discussed?",
            "ptsd": "Post-traumatic stress disorder?",
            "eating_disorder": "Eating disorder?",
            "other": "Anything else the reader must know",
        }
        help_texts = {
            "diagnosis_code": "With its system, such as F33.1 (ICD-10-CM).",
            "suicide_method": "Such as an interview, or a named scale.",
            "suicide_assessed_on": "Left open: the day of your answer to the question.",
            "medical": "Such as ECG, blood tests, imaging, sleep apnea; and who checked the "
            "prescription monitoring program, and when.",
            "goals": "In their words, as far as they agree that it is shared.",
            "other": "No psychotherapy process notes.",
            "sex": "Printed on page one, with the age.",
            "product": "For an insurer, such as esketamine nasal spray 84 mg, and its codes. They "
            "are printed as you type them.",
        }

    def __init__(self, *args: Any, asked_elsewhere: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = f"The one handed out now: patient's sheet {sheet_version()}."
        self.fields["sheet_given"].help_text = now
        for name in set(CONDITIONS) - set(asked_elsewhere):
            del self.fields[name]
        for name in (*ROWS_FOR, "language"):
            self.fields[name].help_text = OLDER_TEXT
            if not getattr(self.instance, name):
                del self.fields[name]
        for name in (one for one in YES_NO if one in self.fields):
            label = self.fields[name].label
            self.fields[name] = _radios([*YesNo.choices, ("", "Not assessed yet")])
            self.fields[name].label = label


class LetterForm(_SavedForm):
    """What only the clinician can write in a letter."""

    class Meta:
        model = Letter
        fields = (
            *(f"recipient_{name}" for name in ("organization", "name", "address", "phone")),
            *("recipient_secure_reply", "copies", "request_kind", "request_option"),
            *("request_how_soon", "reply_by", "reasoning", "questions", "goals", "until_answer"),
            *(
                "coordinator_name",
                "coordinator_phone",
                "coordinator_what",
                "act_first_done",
                "next_look_on",
            ),
            *("next_look_by", "replaces_because", "shared_for_treatment", "stricter_because"),
            "medical_emergency",
        )
        field_classes = {"reply_by": DayField, "next_look_on": DayField}
        help_texts = {
            "copies": "A name, a colon, and what you ask of them; a semicolon before the next "
            "name. Without a colon the letter says “for information”.",
            "until_answer": "And when. Left open, the letter says that the patient stays in your "
            "care.",
            "reasoning": "Required before signing. In your words, for the reader.",
            "goals": "In their words, as far as they agree that it is shared. Begins with what the "
            "facts for letters say, and is kept with this letter.",
            "coordinator_what": "Who watches blood pressure, seizure risk and scores; who "
            "holds therapy.",
            "medical_emergency": "Only where answers on substance use come from a program "
            "(42 CFR Part 2) and the patient’s consent cannot be obtained. What medical personnel "
            "need then leaves without it (42 CFR 2.51). Signing records to whom, by whom, when and "
            "why. Leave it empty otherwise.",
            "act_first_done": "Required before signing while there is an act-first notice.",
            "stricter_because": "Required before signing, and printed in the letter.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = list(self.fields["request_option"].choices)  # type: ignore[attr-defined]
        for name, choices in (
            ("request_kind", list(Letter.Kind.choices)),
            ("request_option", [one for one in options if one[0]]),
            ("request_how_soon", list(Letter.HowSoon.choices)),
        ):
            label = self.fields[name].label
            self.fields[name] = _radios(choices)
            self.fields[name].label = label
        self._ask_for_the_basis()
        if self.instance.goals is None:
            self.initial["goals"] = self._goals_of_the_case
        if self.instance.replaces_id is None:
            del self.fields["replaces_because"]
        if self.instance.recipient_site_id is not None:
            for name in BY_HAND:
                del self.fields[name]

    @cached_property
    def _goals_of_the_case(self) -> str:
        facts = facts_of(self.instance.case)
        return facts.goals if facts else ""

    def clean_goals(self) -> str | None:
        """None for what the facts of the case say: the letter follows them then."""
        written = self.cleaned_data["goals"] or ""
        return None if written == self._goals_of_the_case else written

    def _ask_for_the_basis(self) -> None:
        """On what basis it is shared, and under which papers of this case."""
        self.fields["shared_for_treatment"] = forms.TypedChoiceField(
            label="On what basis you share this letter",
            choices=BASES,
            coerce=lambda chosen: chosen == "True",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
        )
        for name, kind, label in PAPERS:
            self.initial[name] = getattr(self.instance, f"{name}_id")
            standing = standing_consents_of(self.instance.case).filter(kind=kind)
            chosen = consents_of(self.instance.case).filter(pk=getattr(self.instance, f"{name}_id"))
            papers = (standing | chosen).distinct()
            if not papers:
                continue
            self.fields[name] = forms.ModelChoiceField(
                papers,
                label=label,
                required=False,
                empty_label="None",
                blank=True,
                widget=forms.RadioSelect,
            )

    def name_options(self, names: Mapping[str, str], *, first_course: bool) -> None:
        """Call options as the letter does. first_course: there was no TMS before."""
        field: Any = self.fields["request_option"]
        said = {**names, "repeat_tms": names[FIRST_COURSE]} if first_course else names
        field.choices = [(value, said.get(value, label)) for value, label in field.choices]


class RecipientForm(forms.Form):
    """One site of the directory; left open: somebody whom the directory lacks."""

    by_hand = forms.BooleanField(required=False)
    site = forms.UUIDField(
        required=False, error_messages={"invalid": "Choose somebody of the list"}
    )

    def clean_site(self) -> Site | None:
        """A site of this clinic's directory that is not deactivated."""
        if self.cleaned_data.get("by_hand"):
            return None
        site = open_sites().filter(pk=self.cleaned_data["site"]).first()
        if site is None:
            raise forms.ValidationError("Choose somebody of the list")
        return site


STATED = "“{word}” in these texts does not tell of this patient’s treatment for substance use"


class SignForm(forms.Form):
    """Signing asks for the password again, and for what only a person can confirm."""

    password = forms.CharField(
        label="Password or code",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password to sign"},
        strip=False,
    )
    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        confirmations: Collection[Confirmation] = (),
        words: Collection[str] = (),
        recipient: object = "",
        **kwargs: Any,
    ) -> None:
        """words: those in the texts that may tell what is left out; each is answered for."""
        super().__init__(*args, **kwargs)
        self.words = tuple(words)
        for one in confirmations:
            label = CONFIRMED[one].format(recipient=recipient)
            self.fields[one.value] = forms.BooleanField(
                label=label, error_messages={"required": f"Tick: {label}"}
            )
        for word in self.words:
            label = STATED.format(word=word)
            self.fields[f"word-{word}"] = forms.BooleanField(
                label=label, error_messages={"required": f"Change the text, or tick: {label}"}
            )

    @property
    def stated(self) -> tuple[str, ...]:
        """The words of which it was said that they tell nothing."""
        return tuple(one for one in self.words if self.cleaned_data.get(f"word-{one}"))

    @property
    def confirmed(self) -> tuple[Confirmation, ...]:
        """What was ticked."""
        return tuple(one for one in Confirmation if self.cleaned_data.get(one.value))
