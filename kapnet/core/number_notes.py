"""Notes on numbers of people that look mistyped. Notes only: whoever knows better keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping

NPI = re.compile(r"(?:npi[\s:#.]*)?([12]\d{9})", re.IGNORECASE)
ISSUER_OF_NPIS = "80840"
"""What the check digit counts in front of a National Provider Identifier (45 CFR 162.406)."""

WRONG_NPI = (
    "If {number} is an NPI, a digit is wrong: its check digit does not fit. A license number can "
    "stay as it is."
)
NO_PHONE = "“{number}” does not read as a phone number. Check it."
SAID_OTHERWISE = re.compile(r"[/;,]|\bor\b")
"""Between two numbers in one field, and before words that say more."""


def npi_note(text: str) -> str:
    """What is odd about a license number or NPI; empty where nothing is."""
    found = NPI.fullmatch(text.strip())
    if found is None or _fits_luhn(ISSUER_OF_NPIS + found[1]):
        return ""
    return WRONG_NPI.format(number=found[1])


def _fits_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the rest (ISO/IEC 7812, Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def phone_note(text: str, region: str) -> str:
    """What is odd about a phone number; empty where nothing is.

    region: whose numbers need no country code, as US. A number without its area code is not odd.
    """
    first = SAID_OTHERWISE.split(text)[0].strip()
    return "" if not first or _can_be_dialed(first, region) else NO_PHONE.format(number=first)


def _can_be_dialed(text: str, region: str) -> bool:
    import phonenumbers  # its tables are loaded where somebody looks at a number

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    possible = phonenumbers.ValidationResult
    return phonenumbers.is_possible_number_with_reason(number) in (
        possible.IS_POSSIBLE,
        possible.IS_POSSIBLE_LOCAL_ONLY,
    )


def notes_on(fields: Mapping[str, str], region: str) -> list[str]:
    """The notes on what somebody wrote. fields: their text by name, as forms and models have it."""
    license_number, phone = fields.get("license_number", ""), fields.get("phone", "")
    return [one for one in (npi_note(license_number), phone_note(phone, region)) if one]
