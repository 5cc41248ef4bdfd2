"""The index of the search: where each word is in the newest release."""

from __future__ import annotations

from django.db import models


class SearchIndex(models.Model):
    """The index of one content of the evidence, named by its hash."""

    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256


class SearchTerm(models.Model):
    """One term at one place; `keys` of the sources that have it there, with spaces between."""

    index = models.ForeignKey(SearchIndex, on_delete=models.CASCADE, related_name="terms")
    place = models.CharField(max_length=20)
    term = models.CharField(max_length=200, db_index=True)
    keys = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["index", "term", "place"], name="search_term_once_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.term} in {self.place}"
