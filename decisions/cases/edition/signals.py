"""What other parts can wait for."""

from __future__ import annotations

from django.dispatch import Signal

edition_released = Signal()
"""Sent inside the transaction in which an edition is released; carries `release`."""
