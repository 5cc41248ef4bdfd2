"""Imports of references in the admin."""

from evidence.curation import import_admin  # noqa: F401, imported for what it registers
