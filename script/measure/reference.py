"""The unit of the web measurements: a page that Django alone makes, and no part of this program.

What it costs changes with Django, Python and the machine, and never with this program: a page that
becomes quicker is seen to be so, and the page of another that does not is not blamed for it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine

REFERENCE = "/reference/"
ROWS, CELLS = 120, 6
"""Of its table: so that it cost what a bare view did in the build before the databases were
squashed, of which the limits are multiples. They stay as they are."""

PAGE = """<!doctype html><title>Reference</title><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell|title }}{% endfor %}{% endfor %}
</table>"""


def reference_first(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answers the reference page before any other middleware hears of it."""
    page = Engine().from_string(PAGE)
    rows = [[f"row {row} & cell {cell}" for cell in range(CELLS)] for row in range(ROWS)]

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == REFERENCE:
            return HttpResponse(page.render(Context({"rows": rows})))
        return get_response(request)

    return middleware
