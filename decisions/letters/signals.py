"""What other parts can wait for."""

from __future__ import annotations

from django.dispatch import Signal

letter_signed = Signal()
"""Sent inside the transaction in which a letter is signed; carries `letter`."""
