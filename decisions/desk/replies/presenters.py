"""Replies by link as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.forms import Form

from decisions.desk.models import Delivery
from decisions.desk.replies.forms import AsideForm, ConfirmForm
from decisions.desk.replies.models import Reply
from kapnet.core.web.days import say_day


def in_words(reply: Reply) -> str:
    """A reply as a note of the desk."""
    who = ", ".join(filter(None, (reply.name, reply.reach)))
    what = str(reply.get_kind_display())
    day = f", {say_day(reply.day)}" if reply.day else ""
    return " ".join(filter(None, (f"By the link of the letter, {who}: {what}{day}.", reply.text)))


@dataclass(frozen=True)
class ReplyRow:
    """One reply with its two forms; the one that was filled in wrongly shows why."""

    reply: Reply
    confirm: Form
    aside: Form


def waiting_rows(
    replies: Iterable[Reply], delivery: Delivery, filled: Mapping[str, Form]
) -> list[ReplyRow]:
    """Those that the desk has to look at. filled: forms by name, as somebody sent them."""
    return [
        ReplyRow(
            reply,
            confirm=_own(filled, "confirm_form", reply)
            or ConfirmForm(reply=reply, delivery=delivery),
            aside=_own(filled, "aside_form", reply) or AsideForm(reply=reply),
        )
        for reply in replies
        if reply.is_waiting
    ]


def _own(filled: Mapping[str, Form], name: str, reply: Reply) -> Form | None:
    form = filled.get(name)
    return form if form and str(form.data.get("reply_id")) == str(reply.pk) else None
