"""What came by the link of a letter, for pages of rooms below the desk."""

from __future__ import annotations

from django import template

from decisions.desk.replies.models import Reply
from decisions.desk.replies.queries import replies_to as read_replies
from decisions.letters.models import Letter

register = template.Library()


@register.simple_tag
def replies_to(letter: Letter) -> list[Reply]:
    """The newest first."""
    return read_replies(letter)
