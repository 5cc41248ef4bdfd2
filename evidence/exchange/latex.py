r"""LaTeX as text: {\"o} is ö, \beta is β, \textit{in vivo} is in vivo. Unknown commands stay."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import latexcodec  # noqa: F401 -- registers the codec "latex"

MAX_LENGTH = 50_000
ACCENTS = dict(
    zip(
        "`'^\"~=.cvHkrubd",
        "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0327\u030c\u030b\u0328\u030a\u0306\u0331\u0323",
        strict=True,
    )
)
OWN_SIGNS = {
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textquotesingle": "'",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textunderscore": "_",
    "textdollar": "$",
    "i": "ı",
    "j": "ȷ",
    "lbrace": "{",
    "rbrace": "}",
    "ldots": "…",
    "dots": "…",
}
"""Signs that latexcodec does not know, or writes otherwise."""

FORMATTING = frozenset(
    [
        "textit",
        "textbf",
        "textrm",
        "textsf",
        "texttt",
        "textsc",
        "textup",
        "textsl",
        "textmd",
        "textnormal",
        "textsubscript",
        "textsuperscript",
        "emph",
        "mathrm",
        "mathit",
        "mathbf",
        "mathcal",
        "mathsf",
        "text",
        "mbox",
        "ensuremath",
        "underline",
        "url",
        "path",
        "it",
        "bf",
        "rm",
        "em",
        "sc",
        "sl",
        "tt",
        "sf",
        "bfseries",
        "itshape",
        "protect",
        "boldmath",
        "uppercase",
        "nolinkurl",
        "small",
        "large",
        "relax",
        "left",
        "right",
    ]
)
"""Commands that change the look of a text, and nothing in it."""

TOKEN = re.compile(
    r"\\(?:([`'^\"~=.])\s?|([cvHkrubd])(?=[\s{]|\\[ij])\s?)"  # an accent, and its letter
    r"(?:\{\s?\\?([A-Za-z])\s?\}|\{\s?\}|\\?([A-Za-z])|(?=\W))"
    r"|\\([A-Za-z]{1,30})(\{\}|\s{1,5})?"  # a command
    r"|\\(.)"  # a sign
    r"|``|''|---|--|[{}~]",
    re.DOTALL,
)
MATH = re.compile(
    r"(?<!\\)\$(?=[^$]{0,300}[\\^_<>=]|[A-Za-z]\$)(?=[^\s$])([^$]{0,300}[^\s$\\])\$(?![0-9])"
)
"""Not $5 and $10, where nobody meant mathematics."""

RAISED = re.compile(r"[_^](?=[\w{\\])")
SIGNS = {"``": "“", "''": "”", "---": "—", "--": "–", "{": "", "}": "", "~": " "}
SPACES = ",;: \n\\"
INVISIBLE = "/-()[]!@"
IN_ADDRESS = re.compile(r"\{?\\(?:([%&#_$~{}^])|(text[a-z]{3,20})\s?)(?:\{\})?\}?")


def plain(value: str) -> str:
    """The text of a field of BibTeX."""
    text = MATH.sub(lambda found: f"{{{RAISED.sub('', found[1])}}}", value[:MAX_LENGTH])
    return TOKEN.sub(_as_text, text)


def plain_address(value: str) -> str:
    """An address or a DOI. Some programs escape its signs as if it were text."""
    text = value[:2000].strip()
    while text.startswith(("{", "\\url{")) and text.endswith("}"):
        text = text.removeprefix("\\url")[1:-1]
    return IN_ADDRESS.sub(lambda found: found[1] or OWN_SIGNS.get(found[2], found[0]), text)


def _as_text(found: re.Match[str]) -> str:
    by_sign, by_letter, in_braces, bare, command, behind, escaped = found.groups()
    if by_sign or by_letter:
        letter = in_braces or bare
        if letter is None:
            return by_sign if by_sign in ("~", "^") else ""
        return unicodedata.normalize("NFC", letter + ACCENTS[by_sign or by_letter])
    if command:
        known = _of_command(command)
        if known is None:
            return found[0]
        # A blank ends the command; behind a sign it was meant as one.
        return known if known.isalpha() or behind == "{}" else known + (behind or "")
    if escaped:
        return " " if escaped in SPACES else "" if escaped in INVISIBLE else escaped
    return SIGNS[found[0]]


@lru_cache(maxsize=2000)
def _of_command(name: str) -> str | None:
    """The sign that a command is; nothing for one that only formats; None for one not known."""
    if name in FORMATTING:
        return ""
    if name in OWN_SIGNS:
        return OWN_SIGNS[name]
    known = (f"\\{name} ".encode().decode("latex"), f"$\\{name}$".encode().decode("latex"))
    signs = [one.strip() for one in known if "\\" not in one and "$" not in one]
    return signs[0] if signs and len(signs[0]) < 4 else None
