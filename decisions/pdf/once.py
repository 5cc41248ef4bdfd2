"""What WeasyPrint does more than once, done once: the PDF is the same, byte for byte.

It is made for documents of any length and of many styles. A letter is short, and the next one has
the same style sheet: so its lines can stay laid out until they are drawn, its styles can stay
computed until the next letter, and a PDF is written from objects that were turned into bytes once.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

import pydyf
from cssselect2 import ElementWrapper
from weasyprint import HTML, css
from weasyprint.layout.page import PageType
from weasyprint.text import line_break
from weasyprint.text.ffi import pango
from weasyprint.urls import URLFetcher

MOST_STYLES = 4096
"""Computed styles that are kept of one style sheet: a full letter needs some 250."""

NEW_PARAGRAPH = re.compile("[\n\r\u2029]")
"""Signs that begin another paragraph within a text."""


class Source(HTML):
    """A document whose parts are found by a quick parser of XML, where it is XML, too.

    A template says so by `<!DOCTYPE html>`: where it begins with `<!doctype`, it is no XML.
    """

    def __init__(self, text: str, base_url: str, files: URLFetcher) -> None:
        try:
            root = ElementTree.fromstring(text)  # noqa: S314 - our templates, all else is escaped
        except ElementTree.ParseError:
            super().__init__(string=text, base_url=base_url, url_fetcher=files)
            return
        self.base_url, self.url_fetcher, self.media_type = base_url, files, "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root


class KeptStyles:
    """The computed styles of one style sheet and its fonts, from one document to the next.

    A style rests on that of the parent and on the declarations that match, never on what an element
    says. Those of pages are made new: WeasyPrint counts pages in them.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, Any] = {}

    def style_for(self, *settings: Any) -> css.StyleFor:
        """What WeasyPrint asks for the style of an element, with these settings of its own."""
        return _StyleFor(self, *settings)

    def of(self, key: Hashable) -> Any:
        """The style that was computed for this; None where there is none."""
        return self._kept.get(key)

    def keep(self, key: Hashable, style: Any) -> None:
        """Keep a computed style. It holds all that its key names."""
        if len(self._kept) >= MOST_STYLES:
            self._kept.clear()
        self._kept[key] = style

    def forget(self) -> None:
        """Keep none: WeasyPrint may have left one half computed."""
        self._kept.clear()


class _StyleFor(css.StyleFor):
    def __init__(self, styles: KeptStyles, *settings: Any) -> None:
        self._styles = styles
        super().__init__(*settings)

    def set_computed_styles(
        self,
        element: Any,
        parent: Any,
        root: Any = None,
        pseudo_type: str | None = None,
        base_url: str | None = None,
        target_collector: Any = None,
    ) -> None:
        """Give an element its style: the kept one, or one that is computed and kept."""
        asked = (element, parent, root, pseudo_type, base_url, target_collector)
        if isinstance(element, PageType):
            super().set_computed_styles(*asked)
            return
        computed = self.get_computed_styles()
        declared = self.get_cascaded_styles().get((element, pseudo_type), {})
        above = None if parent is None else id(computed[parent, None])
        key = (above, pseudo_type, _key_of(declared))
        kept = self._styles.of(key)
        if kept is None:
            super().set_computed_styles(*asked)
            self._styles.keep(key, computed[element, pseudo_type])
            return
        computed[element, pseudo_type] = kept
        if target_collector and kept["anchor"]:
            target_collector.collect_anchor(kept["anchor"])


def _key_of(declared: Mapping[str, tuple[Any, Any]]) -> Hashable:
    """Declarations as a key: what each says, and what it weighs against another one."""
    return tuple(
        (name, _hashable(value), precedence, layer, tuple(specificity))
        for name, (value, (precedence, layer, specificity)) in declared.items()
    )


def _hashable(value: object) -> Hashable:
    try:
        hash(value)
    except TypeError:
        return id(value)  # the kept style holds it, so that no other value gets this id
    return value


class _LaidOutOnce(line_break.Layout):
    """A line of text that is drawn as it was laid out.

    WeasyPrint lets go of it in between and lays it out again, which spares memory in a long
    document; and whoever draws it asks for one paragraph, which lays it out once more where it was
    not laid out as one.
    """

    def set_text(self, text: str, justify: bool = False) -> None:
        """Lay a text out."""
        pango.pango_layout_set_single_paragraph_mode(self.layout, not NEW_PARAGRAPH.search(text))
        super().set_text(text, justify)

    def deactivate(self) -> None:
        """Stay as it is until it is drawn."""

    def reactivate(self, style: Any) -> None:
        """Be drawn: laid out again only where the spaces of the line are to be stretched."""
        if self.justification_spacing:
            super().reactivate(style)


class _Written(pydyf.Object):
    """An object of a PDF as bytes: pydyf asks for them twice, to write them and for a digest."""

    def __init__(self, one: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation = one.number, one.generation
        self._data, self._compressible = one.data, one.compressible

    @property
    def data(self) -> bytes:
        """What it was when it was written."""
        return bytes(self._data)

    @property
    def compressible(self) -> bool:
        """Whether it may be compressed together with others."""
        return bool(self._compressible)


def write_once(pdf: Any) -> None:
    """Turn the objects of a finished PDF into bytes. Nothing of it may be changed afterwards."""
    pdf.objects = [one if one.free == "f" else _Written(one) for one in pdf.objects]


@contextmanager
def working_once(styles: KeptStyles) -> Iterator[None]:
    """Let WeasyPrint work like this meanwhile, in this process, which draws one at a time."""
    theirs = css.StyleFor, line_break.Layout
    css.StyleFor, line_break.Layout = styles.style_for, _LaidOutOnce
    try:
        yield
    except BaseException:
        styles.forget()
        raise
    finally:
        css.StyleFor, line_break.Layout = theirs
