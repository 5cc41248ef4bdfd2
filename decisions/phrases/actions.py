"""Every write to a phrase, each with one audit event."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from decisions.phrases.models import Phrase
from kapnet.core.audit.actions import record_event
from kapnet.core.people.models import Clinic, User
from kapnet.core.people.one_place import remove
from kapnet.core.web.once import same_just_now


@transaction.atomic
def keep_phrase(*, clinic: Clinic, actor: User, kind: str, text: str) -> Phrase:
    """A new one; the same sent twice is one."""
    own = Phrase.objects.filter(person=actor, kind=kind)
    if kept := same_just_now(own, "saved_at", {"text": text}):
        return kept
    phrase = Phrase.objects.create(
        clinic=clinic, person=actor, kind=kind, text=text, saved_at=timezone.now()
    )
    _record("phrase.kept", phrase, actor)
    return phrase


@transaction.atomic
def change_phrase(*, phrase: Phrase, actor: User, kind: str, text: str) -> None:
    """The same with other words. Its place in the list stays."""
    phrase.kind, phrase.text = kind, text
    phrase.save(update_fields=["kind", "text"])
    _record("phrase.changed", phrase, actor)


@transaction.atomic
def remove_phrase(*, phrase: Phrase, actor: User) -> None:
    """It is gone. What was written with it stays."""
    _record("phrase.removed", phrase, actor)
    remove(Phrase.objects.filter(pk=phrase.pk))


def _record(action: str, phrase: Phrase, actor: User) -> None:
    record_event(
        action=action,
        actor=actor,
        clinic=phrase.clinic,
        object_type="phrase",
        object_id=phrase.pk,
    )
