"""Secret addresses under which a person's feed reader fetches the releases."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class FeedAddress(models.Model):
    """One person's secret address; only the hash of its secret part is kept."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.person}, {self.made_at:%Y-%m-%d}"
