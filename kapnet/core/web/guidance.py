"""What is raised where the rules cannot be used; the error pages know it and nothing of rules."""

from __future__ import annotations


class GuidanceUnavailable(Exception):
    """No question and no option can be shown. Letters and evidence can be read all the same."""
