"""Who wants the digest, and which release was sent to whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from evidence.models import Release


class Subscription(models.Model):
    """One person who wants each release by mail, from those published after `since` on."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_subscription"
    )
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Digest for {self.user_id}"


class SentDigest(models.Model):
    """That a release was handed to the mail server for a person: once, never again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "release"], name="digest_sent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} to {self.user_id}"
