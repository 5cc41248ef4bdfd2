"""The forms of a page, filled in as the page fills them in."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One form: where it goes, how, and every field that it would send."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


def forms_in(page: str) -> list[PageForm]:
    """Every form of a page with its fields, each choice and button included."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.open: PageForm | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens forms; notes fields."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = PageForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.open)
        elif tag == "select":
            self.select = given.get("name", "")
        elif self.open and (name := self.select if tag == "option" else given.get("name", "")):
            self.open.fields.append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """Closes what was open."""
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
