"""What other parts can wait for."""

from __future__ import annotations

from django.dispatch import Signal

release_published = Signal()
"""Sent inside the transaction in which a release is made; carries `release`."""
