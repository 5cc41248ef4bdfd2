"""How a PDF leaves: under the number of the letter, kept by no cache, taken for nothing else."""

from __future__ import annotations

from django.http import HttpResponse


def pdf_response(pdf: bytes, file_name: str) -> HttpResponse:
    """A download. file_name: of the number alone; a name of a person never goes into it."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name}"',
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
        },
    )
