"""Breaks the reference cycles that Django leaves after a request: its data is freed at once.

A template's context refers to itself; the user, the messages and htmx's part of a request refer to
the request. All that a page was made from would wait for the garbage collector, which stops every
thread of the worker.
"""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates, Template
from django.template.context import make_context
from django.utils.safestring import SafeString


class BriefTemplate(Template):
    """Draws as Django's does, then empties the context; an error page shows that of a failure."""

    def render(
        self, context: dict[str, Any] | None = None, request: HttpRequest | None = None
    ) -> SafeString:
        made = make_context(context, request, autoescape=self.backend.engine.autoescape)
        drawn: SafeString = self.template.render(made)
        made.dicts.clear()
        return drawn


class BriefTemplates(DjangoTemplates):
    """A template engine for settings.TEMPLATES."""

    def get_template(self, template_name: str) -> BriefTemplate:
        """Raises TemplateDoesNotExist."""
        return BriefTemplate(super().get_template(template_name).template, self)


class BriefRequest(WSGIRequest):
    """Forgets everything once its answer is sent."""

    def close(self) -> None:
        super().close()
        vars(self).clear()


def with_brief_requests(handler: WSGIHandler) -> WSGIHandler:
    """The same handler; nothing may look at a request after its answer was sent."""
    handler.request_class = BriefRequest
    return handler
