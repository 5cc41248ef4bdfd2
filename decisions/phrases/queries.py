"""Every shared read of phrases, and their use in a form that is posted."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict

from decisions.phrases.models import Phrase
from kapnet.core.compiled import Compiled, Given
from kapnet.core.people.models import User


def phrases_of(person: User) -> QuerySet[Phrase]:
    """A person's own phrases in the clinic in scope, the oldest first."""
    return Phrase.objects.filter(person=person)


def phrases_for(person: User, kind: str) -> list[Phrase]:
    """Those that are offered beside one field."""
    return _FOR_A_FIELD.rows(person=person.pk, kind=kind)


_FOR_A_FIELD = Compiled(
    lambda: Phrase.objects.filter(
        person=Given("person", User._meta.get_field("id")),
        kind=Given("kind", Phrase._meta.get_field("kind")),
    )
)


def phrases_by_kind(person: User) -> dict[str, list[Phrase]]:
    """A person's own phrases by the field beside which they are offered."""
    found: dict[str, list[Phrase]] = {kind: [] for kind in Phrase.Kind.values}
    for one in phrases_of(person):
        found[one.kind].append(one)
    return found


def with_phrase(post: QueryDict, person: User) -> QueryDict:
    """What was posted, with the phrase that was pressed at the end of its field.

    A page without scripts posts its form with the phrase's button.
    """
    asked = _asked(post)
    phrase = phrases_of(person).filter(pk=asked).first() if asked else None
    if phrase is None:
        return post
    filled = post.copy()
    before = filled.get(phrase.kind, "").rstrip()
    filled[phrase.kind] = f"{before}\n{phrase.text}" if before else phrase.text
    return filled


def _asked(post: QueryDict) -> UUID | None:
    try:
        return UUID(post.get("phrase", ""))
    except ValueError:
        return None
