"""Requests made of a route's own forms with something wrong in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.whole.hostile.page_forms import PageForm
from tests.whole.hostile.values import as_fields, over_the_wire, texts

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=cut"
CONTENT_TYPES = (
    f"{FORM}; charset=UTF-8",
    f"{MULTIPART}; charset=utf8",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "b" * 300,
    "application/json",
    "text/plain",
    "",
    ";;;",
)
HEADS = (
    "HX-Request",
    "HX-Current-URL",
    "HX-Current-URL-URI-AutoEncoded",
    "HX-Target",
    "HX-Trigger",
    "HX-Trigger-Name",
    "HX-Prompt",
    "HX-Boosted",
    "HX-History-Restore-Request",
    "Triggering-Event",
    "If-None-Match",
    "If-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "Range",
    "Accept",
    "Accept-Language",
    "Accept-Encoding",
    "Cookie",
    "Origin",
    "Referer",
    "User-Agent",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-Requested-With",
    "Host",
)
NAMES = ("version", "TOTAL_FORMS", "page", "q", "next", "action", "_selected_action", "id", "pk")


@dataclass(frozen=True)
class Attack:
    """One request, as it comes over the wire."""

    method: str
    path: str
    query: str
    body: bytes
    content_type: str
    heads: tuple[tuple[str, str], ...]


@st.composite
def attacks(draw: DrawFn, path: str, places: Iterable[str], forms: list[PageForm]) -> Attack:
    """A request to `path`, one of whose `places` may be something else."""
    form = draw(st.sampled_from(forms))
    method = draw(st.sampled_from(["POST", "POST", form.method.upper(), "GET"]))
    fields = draw(st.sampled_from([_spoiled, _spoiled, _invented]))(draw, form.fields)
    content_type, body = draw(st.sampled_from([_as_form, _as_form, _as_parts, _as_anything]))(
        draw, fields
    )
    takes_body = method == "POST"
    return Attack(
        method=method,
        path=_path(draw, urlsplit(form.action).path or path, list(places)),
        query="" if takes_body and draw(st.booleans()) else as_fields(fields)[:60_000],
        body=body if takes_body else b"",
        content_type=content_type if takes_body else "",
        heads=tuple(draw(st.one_of(st.just([]), st.just([]), _heads))),
    )


_head_values = st.one_of(
    texts.map(lambda text: text[:3000].encode("utf-8", "surrogatepass").decode("latin-1")),
    st.sampled_from(["true", "bytes=0-", "http://[::1", "Sat, 99 Foo 99999999 00:00:00 GMT"]),
).map(lambda text: "".join(one for one in text if one not in "\x00\r\n"))
"""No NUL and no line break: gunicorn refuses a head that has one."""
_heads = st.lists(st.tuples(st.sampled_from(HEADS), _head_values), max_size=3)


def _path(draw: DrawFn, path: str, places: list[str]) -> str:
    known = [place for place in places if place in path]
    if not known or draw(st.integers(0, 3)):
        return path
    return path.replace(draw(st.sampled_from(known)), over_the_wire(draw(texts)[:2000]) or "-")


def _spoiled(draw: DrawFn, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields of the form; some with another value, some twice, some missing."""
    changed = list(fields)
    for _ in range(draw(st.integers(1, 4))):
        if not changed:
            break
        place = draw(st.integers(0, len(changed) - 1))
        name = changed[place][0]
        match draw(st.sampled_from(["value", "value", "value", "twice", "gone", "name"])):
            case "value":
                changed = [(one, had) for one, had in changed if one != name]
                changed.append((name, draw(texts)))
            case "twice":
                changed += [(name, draw(texts))] * draw(st.sampled_from([1, 2, 300]))
            case "gone":
                changed = [pair for pair in changed if pair[0] != name]
            case _:
                changed.append((name + draw(st.sampled_from(["[]", "__in", "\x00"])), "1"))
    return changed


def _invented(draw: DrawFn, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Fields that the form does not have, or every field with something odd."""
    if draw(st.booleans()):
        return [(name, draw(texts)) for name, _ in fields[:30]]
    names = st.one_of(st.sampled_from(NAMES), texts)
    return draw(st.lists(st.tuples(names, texts), max_size=5))


def _as_form(draw: DrawFn, fields: list[tuple[str, str]]) -> tuple[str, bytes]:
    return FORM, as_fields(fields).encode()


def _as_parts(draw: DrawFn, fields: list[tuple[str, str]]) -> tuple[str, bytes]:
    encode = partial(str.encode, encoding="utf-8", errors="surrogatepass")
    parts = []
    for name, value in fields:
        head = f'form-data; name="{name}"'
        if draw(st.integers(0, 4)) == 0:
            head += f'; filename="{draw(texts)[:300]}"'
        parts.append(
            b"--cut\r\nContent-Disposition: " + encode(head) + b"\r\n\r\n" + encode(value) + b"\r\n"
        )
    content_type = draw(st.sampled_from([MULTIPART, MULTIPART, *CONTENT_TYPES]))
    return content_type, b"".join(parts) + draw(st.sampled_from([b"--cut--\r\n", b"--cut", b""]))


def _as_anything(draw: DrawFn, fields: list[tuple[str, str]]) -> tuple[str, bytes]:
    body = draw(st.one_of(st.binary(max_size=300), st.just(as_fields(fields).encode())))
    return draw(st.sampled_from(CONTENT_TYPES)), body
