"""A draft that can be signed, as its page signs it."""

from __future__ import annotations

from typing import NamedTuple

from kapnet.core.people.demo import DEMO_PASSWORD
from script.measure.server import Client

WHOLE = """SELECT l.pdf IS NOT NULL AND l.pdf_sha256 <> '' AND s.code <> '' AND count(e.id) = 1
FROM letters_letter l JOIN letters_seal s ON s.letter_id = l.id
LEFT JOIN audit_event e ON e.action = 'letter.signed' AND e.object_id = l.id::text
WHERE l.id = %s GROUP BY l.pdf, l.pdf_sha256, s.code"""
"""Whether a letter was signed once, and has all that belongs to it."""


ASKED_OF_A_RECIPIENT = (
    "recipient_by_hand",
    "recipient_for_treatment",
    "recipient_not_verified",
)
"""What the signer ticks, of a recipient from the directory of the demo or by hand."""


class Draft(NamedTuple):
    """A draft that can be signed, and what its page showed."""

    case_id: str
    id: str
    fingerprint: str

    def sign(self, client: Client) -> str:
        """Sign it as the page does; where it leads to. Raises OSError when it is refused."""
        path = f"/cases/{self.case_id}/letters/{self.id}/"
        fields = {
            "csrfmiddlewaretoken": client.token_of(client.get(path)),
            "fingerprint": self.fingerprint,
            "password": DEMO_PASSWORD,
            **dict.fromkeys(ASKED_OF_A_RECIPIENT, "true"),
        }
        client.post(f"{path}sign/", fields)
        return client.location
