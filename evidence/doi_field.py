"""A column that keeps a DOI in its one spelling."""

from __future__ import annotations

from typing import Any

from django.db import models

from evidence.domain.doi import as_doi


class DoiField(models.CharField):  # type: ignore[type-arg]
    """Whichever way a DOI came, it is stored as a DOI. Other text is kept as it is."""

    def deconstruct(self) -> Any:
        """A column of characters: no migration depends on how a DOI is read."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The row says what is stored."""
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        """The DOI of what is to be stored or looked up."""
        text = super().get_prep_value(value)
        return as_doi(text) or text.strip() if isinstance(text, str) else text
