"""Every shared read of letters. PDF and content are left in the database until they are needed."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from decisions.cases.decision.citing import decisions_naming
from decisions.cases.decision.withdrawn_evidence import (
    WithdrawnSource,
    withdrawn_keys,
    withdrawn_since,
)
from decisions.cases.models import Case, Decision
from decisions.cases.queries import OF_CASE
from decisions.consents.models import Consent
from decisions.letters.models import Letter, LetterFacts, LetterTask
from evidence.domain.entries import EvidenceBase
from kapnet.core.compiled import Compiled, Given

OF_LETTER = Given("letter", Letter._meta.get_field("id"))
"""In a compiled query of any room: the letter that it is about, given by its id."""


def letters_with_context() -> QuerySet[Letter]:
    """Letters of the clinic in scope with what their pages show, newest first."""
    replaced = Letter.objects.filter(replaces=OuterRef("pk"), status=Letter.Status.SIGNED)
    return (
        Letter.objects.select_related(
            "clinic",
            "case",
            "decision",
            "replaces",
            "signed_by",
            "created_by",
            "recipient_site__colleague",
            "authorization",
            "part2_consent",
        )
        .annotate(is_replaced=Exists(replaced))
        .defer("pdf", "content", "replaces__pdf", "replaces__content")
        .order_by("-year", "-sequence")
    )


def letters_of(case: Case) -> QuerySet[Letter]:
    """The letters of a case, newest first."""
    return letters_with_context().filter(case=case)


def drafts_about(decision: Decision) -> QuerySet[Letter]:
    """The drafts about a decision, newest first; a correction is none of them."""
    return letters_with_context().filter(
        decision=decision, status=Letter.Status.DRAFT, replaces=None
    )


def signed_letters() -> QuerySet[Letter]:
    """The signed letters of the clinic in scope, newest first."""
    return letters_with_context().filter(status=Letter.Status.SIGNED).order_by("-signed_at")


def with_what_speaks_against(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """The same letters, each with the later edition that is stricter, and whether evidence behind
    it was withdrawn: tasks that were not ended by a correction or a release say so."""
    standing = LetterTask.objects.filter(letter=OuterRef("pk"), closed_as__in=["", "seen"])
    stricter = standing.filter(reason=LetterTask.Reason.STRICTER).order_by("-pk")
    return letters.annotate(
        judged_stricter_by=Coalesce(Subquery(stricter.values("entry_key")[:1]), "stricter_edition"),
        has_withdrawn=Exists(standing.filter(reason=LetterTask.Reason.WITHDRAWN)),
    )


def signed_letter_by_id() -> QuerySet[Letter]:
    """For a compiled query that is given an `id`."""
    return Letter.objects.filter(
        pk=Given("id", Letter._meta.get_field("id")), status=Letter.Status.SIGNED
    )


LETTER_TO_HAND_OUT = Compiled(lambda: signed_letter_by_id().select_related("case", "seal"))
"""A signed letter by its id: whole, with its seal, and no more than that."""


def standing_letters_of(case: Case) -> list[Letter]:
    """The signed letters of a case that no other has replaced, newest first."""
    signed = letters_of(case).filter(status=Letter.Status.SIGNED)
    return [one for one in signed if not one.is_replaced]  # type: ignore[attr-defined]


def facts_of(case: Case) -> LetterFacts | None:
    """The facts for letters of a case; None while nobody has written any."""
    return _FACTS.first(case=case.pk)


_FACTS = Compiled(lambda: LetterFacts.objects.filter(case=OF_CASE).select_related("saved_by"))


def revoked_consent_of(letter: Letter) -> Consent | None:
    """A consent under which this letter was signed and that was revoked since."""
    papers = [one for one in (letter.authorization_id, letter.part2_consent_id) if one]
    return _REVOKED.first(papers=papers) if papers else None


_REVOKED = Compiled(
    lambda papers: Consent.objects.filter(id__in=papers, revoked_at__isnull=False).order_by("pk"),
    papers=Consent._meta.get_field("id"),
)


def correction_of(letter: Letter) -> Letter | None:
    """The signed letter that replaces this one, without what its own page shows besides."""
    return _CORRECTION.first(letter=letter.pk)


_CORRECTION = Compiled(
    lambda: (
        Letter.objects.filter(replaces=OF_LETTER, status=Letter.Status.SIGNED)
        .defer("pdf", "content")
        .order_by("-year", "-sequence")[:1]
    )
)


class AffectedLetter(NamedTuple):
    """A signed letter, and what it rests on that was withdrawn since."""

    letter: Letter
    withdrawn: tuple[WithdrawnSource, ...]


def letters_on_withdrawn(evidence: EvidenceBase) -> list[AffectedLetter]:
    """The signed letters in scope that no other replaces and that rest on what is withdrawn.

    Only letters are read whose decision names something that is withdrawn.
    """
    naming = decisions_naming(withdrawn_keys(evidence))
    replacing = Letter.objects.filter(status=Letter.Status.SIGNED, replaces__isnull=False)
    standing = (
        signed_letters()
        .filter(decision__in=naming.values("pk"))
        .exclude(pk__in=replacing.values("replaces_id"))
        .iterator(chunk_size=100)
    )
    found = (AffectedLetter(one, withdrawn_since([one.decision], evidence)) for one in standing)
    return [one for one in found if one.withdrawn]
