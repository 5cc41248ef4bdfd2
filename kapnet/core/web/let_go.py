"""What Django keeps in a circle after a request: broken, so that a page's data is freed at once.

A context of a template refers to itself, and a request is referred to by its user and its messages.
All that a page was drawn of waits for the garbage collector then, which stops every thread of the
worker for a tenth of a second.
"""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest
from django.template.backends.django import DjangoTemplates, Template
from django.template.context import make_context
from django.utils.safestring import SafeString


class BriefTemplate(Template):
    """Draws as Django's does, and empties the context afterwards."""

    def render(
        self, context: dict[str, Any] | None = None, request: HttpRequest | None = None
    ) -> SafeString:
        made = make_context(context, request, autoescape=self.backend.engine.autoescape)
        try:
            drawn: SafeString = self.template.render(made)
        finally:
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
