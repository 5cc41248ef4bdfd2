"""What rooms above can wait for."""

from __future__ import annotations

from django.dispatch import Signal

answer_saved = Signal()
"""Sent inside the transaction in which an answer is saved; carries the `file` as it was before, and
the answer `before` (None where there was none) and after: `row`."""
