"""What other parts can wait for."""

from __future__ import annotations

from django.dispatch import Signal

safety_task_closed = Signal()
"""Sent inside the transaction in which a safety task is closed; carries `case`, `actor` and what
was said of the assessment as facts: `stated`."""
