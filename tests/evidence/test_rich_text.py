"""Markdown shows as meant, and nothing that acts survives it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from time import thread_time

from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from evidence.loading import load_dossier
from evidence.rich_text import ATTRIBUTES, LONGEST, SCHEMES, TAGS, plain, render
from tests.collecting import for_each

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](https://elsewhere.example/pixel.png)",
    '<div hx-get="/x" hx-trigger="load">x</div>',
    '<b data-hx-post="/x" class="k-alert" style="position:fixed">x</b>',
    "<iframe src=//elsewhere.example></iframe>",
    "<style>*{display:none}</style>",
    "<math><mtext></table><mglyph><style><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    '[x](https://a.example "onmouseover=alert(1)")',
    "[x](https://a.example/\"onmouseover='alert(1)')",
    "[x]: javascript:alert(1)\n\n[x]",
    '<https://a.example/" onclick=alert(1)>',
    "<form action=/x><button>x</button></form>",
    "<base href=//elsewhere.example>",
    "<meta http-equiv=refresh content=0>",
    "*[x](https://a.example)*<script\n>alert(1)</script\n>",
    "\x00<scr\x00ipt>alert(1)</script>",
)


class Elements(HTMLParser):
    """Every element of a piece of HTML, with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def _forbidden(html: str) -> Iterator[str]:
    for tag, attributes in Elements(html).seen:
        if tag not in TAGS:
            yield tag
        allowed = ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        yield from attributes.keys() - allowed
        address = attributes.get("href")
        if address and ":" in address and address.partition(":")[0].lower() not in SCHEMES:
            yield address


@for_each("payload", PAYLOADS)
def test_nothing_that_acts_survives(payload: str) -> None:
    assert list(_forbidden(render(payload))) == []


@given(st.lists(st.one_of(st.sampled_from(PAYLOADS), st.text(max_size=30)), max_size=6))
def test_no_mixture_of_text_and_attacks_survives(parts: list[str]) -> None:
    assert list(_forbidden(render("".join(parts)))) == []
    assert list(_forbidden(render("\n\n- ".join(parts)))) == []


def test_own_check_sees_what_is_forbidden() -> None:
    html = '<p class="x"><a href="javascript:alert(1)" rel="x">x</a><img src=x></p>'

    assert list(_forbidden(html)) == ["class", "javascript:alert(1)", "img", "src"]


@for_each(
    ("text", "html"),
    [
        (
            "Two *small* and **open** trials",
            "<p>Two <em>small</em> and <strong>open</strong> trials</p>",
        ),
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("p < 0.05 & more", "<p>p &lt; 0.05 &amp; more</p>"),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("# No heading", "<p># No heading</p>"),
        (
            "[label](https://a.example)",
            '<p><a href="https://a.example" rel="external noreferrer nofollow">label</a></p>',
        ),
        ("", ""),
        (None, ""),
    ],
)
def test_marks_are_shown_as_meant(text: str | None, html: str) -> None:
    assert render(text) == html


@for_each(
    ("text", "words"),
    [
        ("Two *small* and **open** trials", "Two small and open trials"),
        ("One.\n\nTwo\nlines.", "One.\nTwo lines."),
        ("- a\n- [b](https://a.example)", "a\nb"),
        ("p < 0.05", "p < 0.05"),
        (None, ""),
    ],
)
def test_words_are_kept_without_marks(text: str | None, words: str) -> None:
    assert plain(text) == words


def test_marks_of_an_endless_text_are_not_read() -> None:
    text = "[" * LONGEST + "<b> *x*"

    started = thread_time()

    assert render(text) == f"<p>{'[' * LONGEST}&lt;b&gt; *x*</p>"
    assert plain(text) == text
    assert thread_time() - started < 0.05


def test_no_text_of_own_dossier_changes_by_being_markdown() -> None:
    evidence = load_dossier()
    texts = [
        text
        for one in evidence.sources
        for text in (one.findings, one.limitations, one.adverse_events, one.population, one.note)
        if text
    ]
    texts += [one.statement for one in evidence.positions if one.statement]
    texts += [one.why for one in evidence.cautions]
    texts += [one.why for one in evidence.claims]

    assert [text for text in texts if plain(text) != text] == []
    assert len(texts) > 300


def test_filter_is_safe_in_a_template() -> None:
    template = Template("{% load rich_text %}{{ text|rich_text }}|{{ text|plain_text }}")

    shown = template.render(Context({"text": "*x* <script>"}))

    assert shown == "<p><em>x</em> &lt;script&gt;</p>|x &lt;script&gt;"
