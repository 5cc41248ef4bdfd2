"""The forms of a page as a browser would send them if nobody touched them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

TICKED = ("checkbox", "radio")
NEVER_SENT = ("submit", "button", "reset", "image", "file")


@dataclass
class ShownForm:
    """One form. sent: names and values. seen: those of them that a person sees."""

    action: str
    method: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    seen: list[tuple[str, str]] = field(default_factory=list)
    button: tuple[str, str] | None = None
    has_button: bool = False

    @property
    def data(self) -> dict[str, list[str]]:
        """What is posted by its first button."""
        found: dict[str, list[str]] = {}
        for name, value in [*self.sent, *([self.button] if self.button else [])]:
            found.setdefault(name, []).append(value)
        return found

    @property
    def filled(self) -> set[str]:
        """The names of what a person sees filled in."""
        return {name for name, value in self.seen if value.strip()}


def shown_forms(page: str) -> list[ShownForm]:
    """Every form of a page that posts and has a button to do it."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [one for one in reader.forms if one.method == "post" and one.has_button]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[ShownForm] = []
        self.by_id: dict[str, ShownForm] = {}
        self.open: ShownForm | None = None
        self.select: tuple[ShownForm | None, str, list[tuple[bool, str]]] | None = None
        self.area: tuple[ShownForm | None, str] | None = None
        self.text = ""
        self.in_template = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens forms; notes what each control would send."""
        given = {name: value or "" for name, value in attrs}
        of = self.by_id.get(given["form"]) if "form" in given else self.open
        self.in_template += tag == "template"
        if self.in_template or "disabled" in given:
            return
        if tag == "form":
            self.open = ShownForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self.open)
            self.by_id[given.get("id", "")] = self.open
        elif tag == "input":
            self._input(of, given)
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._button(of, given)
        elif tag == "textarea":
            self.area, self.text = (of, given.get("name", "")), ""
        elif tag == "select":
            self.select = (of, given.get("name", ""), [])
        elif tag == "option" and self.select:
            self.select[2].append(("selected" in given, given.get("value", "")))

    def _input(self, of: ShownForm | None, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given.get("name", "")
        is_left = kind in NEVER_SENT or (kind in TICKED and "checked" not in given)
        if of is None or not name or is_left:
            return
        sent = (name, given.get("value", "on" if kind in TICKED else ""))
        of.sent.append(sent)
        if kind not in ("hidden", "password"):
            of.seen.append(sent)

    def _button(self, of: ShownForm | None, given: dict[str, str]) -> None:
        if of is not None and not of.has_button:
            of.has_button = True
            named = given.get("name", "")
            of.button = (named, given.get("value", "")) if named else None

    def handle_data(self, data: str) -> None:
        """The text of a textarea."""
        if self.area:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        """Closes what was open."""
        self.in_template -= tag == "template"
        if tag == "form":
            self.open = None
        elif tag == "textarea" and self.area:
            of, name = self.area
            if of is not None and name:
                sent = (name, self.text.removeprefix("\n"))
                of.sent.append(sent)
                of.seen.append(sent)
            self.area = None
        elif tag == "select" and self.select:
            of, name, options = self.select
            chosen = [value for is_chosen, value in options if is_chosen] or [
                value for _, value in options[:1]
            ]
            if of is not None and name:
                of.sent.extend((name, value) for value in chosen)
                of.seen.extend((name, value) for value in chosen)
            self.select = None
