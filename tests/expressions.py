"""The regular expressions of the code, found by its syntax tree, and texts made to slow them down.

What makes one slow is a text that it can read in many ways and that then does not match: repeats
within repeats, branches that overlap, repeats side by side, or a search that begins at each place
and reads to the end. So every repeat of the parse tree is pumped, with what its branches share, and
followed by what it cannot read.
"""

from __future__ import annotations

import ast
import re
import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]
from time import thread_time
from typing import Any

WAYS = frozenset({"match", "fullmatch", "search", "findall", "finditer", "sub", "subn", "split"})
OTHERS = {"RegexValidator": 0, "RegexField": 0, "re_path": 0, "StringConstraints": None}
"""Calls of libraries that take an expression, and at which place; else as `regex` or `pattern`."""

MAY_HOLD_ONE = re.compile(rf"\bre\b|{'|'.join(OTHERS)}")
PLACE_OF_FLAGS = {"compile": 1, "split": 3, "sub": 4, "subn": 4}
EVERYWHERE = tuple("a1_ \t\n.,-\\'\"<>(){}[]=/:é!\0")
MOST_OF_A_BLOCK = 30
"""How often a repeat with an upper end is pumped at most."""

LENGTH, TIMES, MOST_GROWTH = 6400, 4, 6
"""Characters of the longer text, how often the shorter fits into it, and the most it may cost."""

SECONDS_TO_LOOK, SECONDS_MOST = 0.002, 0.03
"""CPU time of the longer text below which it is quick, and above which it is slow at any growth."""

SECONDS_TO_STOP = 0.2

LOOKS = 3
"""How often a text has to be slow: a busy machine makes any text slow at times."""

Nodes = tuple[Any, ...]
REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}


@dataclass(frozen=True)
class Expression:
    """One expression of the code. place: file and line; ways: how it is used."""

    place: str
    pattern: str | bytes
    flags: int = 0
    ways: frozenset[str] = frozenset({"search"})


class UnreadError(ValueError):
    """An expression that is not written as a literal."""


# Finding


def expressions_in(files: Iterable[Path], root: Path) -> Iterator[Expression]:
    """Every expression that these files name. Raises UnreadError."""
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    trees = {file: ast.parse(text) for file, text in texts.items() if MAY_HOLD_ONE.search(text)}
    ways: defaultdict[str, set[str]] = defaultdict(set)
    readers = [_Reader(str(file.relative_to(root)), tree, ways) for file, tree in trees.items()]
    names = {name for one in readers for name in one.names.values() if name.isupper()}
    for file, text in texts.items():
        if file in trees or any(f"{name}." in text for name in names):
            _note_ways(trees.get(file) or ast.parse(text), ways)
    for one in readers:
        yield from one.expressions()


def _note_ways(tree: ast.Module, ways: dict[str, set[str]]) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in WAYS:
            ways[_name_of(node.value)].add(node.attr)


def _name_of(node: ast.expr) -> str:
    """The name of what is used; a call, which has none, by itself."""
    return _last_name(node) or f"call {id(node)}"


@dataclass
class _Reader:
    file: str
    tree: ast.Module
    ways: dict[str, set[str]]
    names: dict[int, str] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign):
                self._note(node.targets[0], node.value)

    def expressions(self) -> Iterator[Expression]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module == "re":
                raise UnreadError(f"{self.file}:{node.lineno}: write re.{node.names[0].name}.")
            if isinstance(node, ast.Call):
                yield from self._of_call(node)

    def _note(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.names[id(value)] = target.id
            self.constants[target.id] = value
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, other in zip(target.elts, value.elts, strict=False):
                self._note(one, other)

    def _of_call(self, call: ast.Call) -> Iterator[Expression]:
        name, of_re = _last_name(call.func), _first_name(call.func) == "re"
        if not (of_re and name in {"compile", *WAYS}) and name not in OTHERS:
            return
        place = 0 if of_re else OTHERS[name]
        given = [one.value for one in call.keywords if one.arg in ("pattern", "regex")]
        if place is not None and not given:
            given = [call.args[place]]
        for node in given:
            yield Expression(
                place=f"{self.file}:{node.lineno}",
                pattern=self._literal(node),
                flags=_flags(call, name),
                ways=frozenset({name} if of_re and name in WAYS else self._ways(call)),
            )

    def _ways(self, call: ast.Call) -> set[str]:
        used = {self.names.get(id(call), ""), _name_of(call)} - {""}
        return {way for name in used for way in self.ways.get(name, ())} or {"search"}

    def _literal(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=str() | bytes() as value):
                return value
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._literal(left) + self._literal(right)
            case ast.JoinedStr(values=values):
                return "".join(self._literal(one) for one in values)
            case ast.FormattedValue(value=ast.Call(func=ast.Attribute(attr="escape"))):
                return "word"
            case ast.FormattedValue(value=value):
                return self._literal(value)
            case ast.Name(id=name) if name in self.constants:
                return self._literal(self.constants[name])
        raise UnreadError(
            f"{self.file}:{node.lineno}: write the expression as a literal, so that it can be read."
        )


def _last_name(node: ast.expr) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")


def _first_name(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", "")


def _flags(call: ast.Call, name: str) -> int:
    given = [one.value for one in call.keywords if one.arg == "flags"]
    given += call.args[PLACE_OF_FLAGS.get(name, 2) :][:1]
    flags = 0
    for one in (one for node in given for one in ast.walk(node)):
        if isinstance(one, ast.Attribute) and _first_name(one) == "re":
            flags |= getattr(re, one.attr)
    return flags


# Pumping


@dataclass(frozen=True)
class Pumped:
    """A text that can be made as long as one likes."""

    before: str
    again: str
    after: str

    def of_length(self, length: int) -> str:
        """As many times `again` as make about this length."""
        return self.before + self.again * max(1, length // len(self.again)) + self.after


class _Tree:
    """The parse tree of an expression, and texts for its parts."""

    def __init__(self, expression: Expression) -> None:
        pattern = expression.pattern
        if isinstance(pattern, bytes):
            pattern = pattern.decode("latin-1")
        # Its nodes stay as long as it does, so that each is known by its identity.
        self.parsed = _parser.parse(pattern, expression.flags)
        self._read: dict[tuple[int, str], bool] = {}
        self._made: dict[tuple[int, str, int, bool], str] = {}
        self._compiled: dict[int, re.Pattern[str]] = {}

    def pumped(self) -> set[Pumped]:
        """Texts for every repeat, and for the whole as if it were repeated."""
        found = set()
        for prefix, body, most, rest in _repeats(tuple(self.parsed), (), ()):
            for before in self.samples(prefix)[:2]:
                found |= set(self._of_repeat(before, body, most, rest))
        return found

    def _of_repeat(self, before: str, body: Nodes, most: Any, rest: Nodes) -> Iterator[Pumped]:
        inner, behind = self.samples(body), self.samples(rest)[:3]
        pairs = [one + other for one in inner[:4] for other in inner[:4] if one != other]
        longer = [one + other for one in inner[:3] for other in behind]
        whole = [before + one for one in longer]
        block = MOST_OF_A_BLOCK if most is _constants.MAXREPEAT else min(most, MOST_OF_A_BLOCK)
        for after in ("", self.unread, "\n\n"):
            for again in filter(None, (*inner, *pairs, *longer, *whole)):
                yield Pumped(before, again, after)
        for again in filter(None, (*inner, *pairs)):
            yield Pumped("", before + again * block + self.unread, "")

    def samples(self, nodes: Nodes) -> list[str]:
        """A few texts that these nodes read: with each letter, branch and length in turn."""
        made = (
            self._sample(nodes, letter, branch, fewest=fewest)
            for fewest in (False, True)
            for branch in range(self.most_branches)
            for letter in self.letters
        )
        return list(dict.fromkeys(made))

    def _sample(self, nodes: Nodes, letter: str, branch: int, *, fewest: bool) -> str:
        return "".join(self._of_node(one, letter, branch, fewest) for one in nodes)

    def _of_node(self, node: Any, letter: str, branch: int, fewest: bool) -> str:
        key = (id(node), letter, branch, fewest)
        if key not in self._made:
            self._made[key] = self._new_text(node, letter, branch, fewest)
        return self._made[key]

    def _new_text(self, node: Any, letter: str, branch: int, fewest: bool) -> str:
        if id(node) in self._ids_of_sets:
            return next((one for one in (letter, *self.letters) if self.reads(node, one)), "")
        inner, least = _inside(node), 1
        if node[0] is _constants.BRANCH:
            inner = inner[branch % len(inner) :][:1]
        elif node[0] in REPEATS:
            least = node[1][0] if fewest else max(1, node[1][0])
        elif node[0] in (_constants.ASSERT, _constants.ASSERT_NOT):
            return ""
        return "".join(self._sample(one, letter, branch, fewest=fewest) for one in inner) * least

    @cached_property
    def sets(self) -> tuple[Any, ...]:
        """The nodes that read one character."""
        kinds = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.IN, _constants.ANY)
        return tuple(one for one in _all_nodes(tuple(self.parsed)) if one[0] in kinds)

    @cached_property
    def _ids_of_sets(self) -> frozenset[int]:
        return frozenset(map(id, self.sets))

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """One character of every kind that the expression tells apart."""
        kinds: dict[tuple[bool, ...], str] = {}
        for letter in (*_letters_of(self.sets), *EVERYWHERE):
            kinds.setdefault(tuple(self.reads(one, letter) for one in self.sets), letter)
        return tuple(letter for kind, letter in kinds.items() if any(kind))

    @cached_property
    def unread(self) -> str:
        """A character that the expression reads nowhere, or at fewest places."""
        return min("\0\n!", key=lambda one: sum(self.reads(node, one) for node in self.sets))

    @cached_property
    def most_branches(self) -> int:
        found = _all_nodes(tuple(self.parsed))
        return max((len(_inside(one)) for one in found if one[0] is _constants.BRANCH), default=1)

    def reads(self, node: Any, letter: str) -> bool:
        """Whether this node reads this character."""
        key = (id(node), letter)
        if key not in self._read:
            compiled = self._compiled.get(id(node)) or self._compile(node)
            self._read[key] = bool(compiled.fullmatch(letter))
        return self._read[key]

    def _compile(self, node: Any) -> re.Pattern[str]:
        alone = _parser.SubPattern(self.parsed.state, [node])
        return self._compiled.setdefault(
            id(node), _compiler.compile(alone, self.parsed.state.flags)
        )


def _repeats(nodes: Nodes, prefix: Nodes, rest: Nodes) -> Iterator[tuple[Nodes, Nodes, Any, Nodes]]:
    """What stands before a repeat, what it repeats, how often at most, and what follows."""
    for place, node in enumerate(nodes):
        before, behind = prefix + nodes[:place], nodes[place + 1 :] + rest
        if node[0] in REPEATS:
            yield before, tuple(node[1][2]), node[1][1], behind
        for inner in _inside(node):
            yield from _repeats(inner, before, behind)


def _all_nodes(nodes: Nodes) -> Iterator[Any]:
    for node in nodes:
        yield node
        for inner in _inside(node):
            yield from _all_nodes(inner)


def _inside(node: Any) -> list[Nodes]:
    """The sequences within a node."""
    kind, value = node
    if kind is _constants.BRANCH:
        return [tuple(one) for one in value[1]]
    if kind is _constants.SUBPATTERN:
        return [tuple(value[3])]
    if kind in REPEATS:
        return [tuple(value[2])]
    if kind in (_constants.ASSERT, _constants.ASSERT_NOT):
        return [tuple(value[1])]
    return [tuple(value)] if kind is _constants.ATOMIC_GROUP else []


def _letters_of(sets: Iterable[Any]) -> Iterator[str]:
    for kind, value in sets:
        for part, inner in value if kind is _constants.IN else [(kind, value)]:
            if part is _constants.RANGE:
                yield from map(chr, inner)
            elif part in (_constants.LITERAL, _constants.NOT_LITERAL):
                yield chr(inner)


# Measuring


class _TookTooLong(Exception):
    pass


def slowest_text(expression: Expression) -> Pumped | None:
    """A text that makes the expression slow; None where none is found."""
    compiled: re.Pattern[Any] = re.compile(expression.pattern, expression.flags)
    is_bytes = isinstance(expression.pattern, bytes)
    for way in sorted(expression.ways):
        use = _use(compiled, way)
        for pumped in sorted(_Tree(expression).pumped(), key=repr):
            if all(_is_slow(use, pumped, is_bytes=is_bytes) for _ in range(LOOKS)):
                return pumped
    return None


def _use(compiled: re.Pattern[Any], way: str) -> Callable[[Any], object]:
    use = getattr(
        compiled, {"finditer": "findall", "sub": "findall", "subn": "findall"}.get(way, way)
    )
    return use  # type: ignore[no-any-return]


def _is_slow(use: Callable[[Any], object], pumped: Pumped, *, is_bytes: bool) -> bool:
    def seconds(length: int, tries: int) -> float:
        text = pumped.of_length(length)
        given = text.encode("latin-1", "replace") if is_bytes else text
        return min(_seconds(use, given) for _ in range(tries))

    first = seconds(LENGTH, 1)
    if first < SECONDS_TO_LOOK or first >= SECONDS_TO_STOP:
        return first >= SECONDS_TO_STOP
    longer, shorter = seconds(LENGTH, 2), seconds(LENGTH // TIMES, 2)
    if longer < SECONDS_TO_LOOK:
        return False
    return longer > SECONDS_MOST or longer > MOST_GROWTH * shorter


def _seconds(use: Callable[[Any], object], given: str | bytes) -> float:
    """CPU seconds of one use, stopped where it is slow in any case."""

    def stop(*_: object) -> None:
        raise _TookTooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    started = thread_time()
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_TO_STOP)
        use(given)
    except _TookTooLong:
        return SECONDS_TO_STOP
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return thread_time() - started
