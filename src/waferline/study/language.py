"""This module parses the expressions of chapters, exhibits and theses: calls, names, strings and pipes, nothing else.

There is no attribute access, no operator and no loop, so an expression from an untrusted study can only call the
functions of the vocabulary it is evaluated with (`study.vocabulary`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from waferline.errors import BadInput

MAX_LENGTH = 4000
MAX_DEPTH = 24

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"[^"\n]*"|'[^'\n]*')
    | (?P<integer>-?[0-9]{1,9})(?![\w.])
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<mark>[()\[\],|=])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A string or a whole number, as typed."""

    value: str | int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable of the row an exhibit is filling, for instance `p`."""

    name: str


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    args: tuple[Expression, ...]
    named: tuple[tuple[str, Expression], ...] = ()


Expression = Literal | Name | Sequence | Call


def parse(text: str, where: str) -> Expression:
    """The expression in `text`; `a | f(b)` is `f(a, b)`.

    >>> parse('yoy("wsts.sales", "2024") | said', "doc").function
    'said'

    Raises BadInput at `where` for anything that is not a call, name, string, whole number or list.
    """
    if len(text) > MAX_LENGTH:
        raise BadInput(
            where, "the expression is too long", f"at most {MAX_LENGTH} characters", str(len(text))
        )
    parser = _Parser(text, where)
    tree = parser.expression(0)
    parser.expect_end()
    return tree


def functions_in(tree: Expression) -> Iterator[Call]:
    """Every call in the tree, outermost first."""
    if isinstance(tree, Call):
        yield tree
        for argument in (*tree.args, *(value for _, value in tree.named)):
            yield from functions_in(argument)
    elif isinstance(tree, Sequence):
        for item in tree.items:
            yield from functions_in(item)


class _Parser:
    def __init__(self, text: str, where: str) -> None:
        self.text, self.where, self.at = text, where, 0
        self.kind, self.token = "", ""
        self._advance()

    def _advance(self) -> None:
        if not self.text[self.at :].strip():
            self.kind, self.token, self.at = "end", "", len(self.text)
            return
        found = _TOKEN.match(self.text, self.at)
        if not found:
            raise self._error(
                "an expression holds only calls, names, strings, whole numbers and lists",
                self.text[self.at :].strip()[:20],
            )
        self.kind = found.lastgroup or ""
        self.token = found.group(self.kind)
        self.at = found.end()

    def _error(self, what: str, found: str) -> BadInput:
        return BadInput(
            self.where, what, found=repr(found or "the end"), fix='{{ yoy("series.id", "2024") | said }}'
        )

    def _take(self, mark: str) -> bool:
        if self.kind == "mark" and self.token == mark:
            self._advance()
            return True
        return False

    def _need(self, mark: str) -> None:
        if not self._take(mark):
            raise self._error(f"{mark} is missing in the expression", self.token)

    def expect_end(self) -> None:
        if self.kind != "end":
            raise self._error("the expression goes on where it should end", self.token)

    def expression(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise self._error("the expression is nested too deeply", self.token)
        tree = self._primary(depth)
        while self._take("|"):
            if self.kind != "name":
                raise self._error("a filter name follows |", self.token)
            name = self.token
            self._advance()
            args, named = self._arguments(depth) if self._take("(") else ((), ())
            tree = Call(name, (tree, *args), named)
        return tree

    def _primary(self, depth: int) -> Expression:
        kind, token = self.kind, self.token
        if kind == "string":
            self._advance()
            return Literal(token[1:-1])
        if kind == "integer":
            self._advance()
            return Literal(int(token))
        if kind == "name":
            self._advance()
            if self._take("("):
                args, named = self._arguments(depth)
                return Call(token, args, named)
            return Name(token)
        if self._take("["):
            items: list[Expression] = []
            while not self._take("]"):
                items.append(self.expression(depth + 1))
                if not self._take(","):
                    self._need("]")
                    break
            return Sequence(tuple(items))
        raise self._error("an expression starts with a call, a name, a string or a list", token)

    def _arguments(self, depth: int) -> tuple[tuple[Expression, ...], tuple[tuple[str, Expression], ...]]:
        args: list[Expression] = []
        named: list[tuple[str, Expression]] = []
        while not self._take(")"):
            value = self.expression(depth + 1)
            if isinstance(value, Name) and self._take("="):
                named.append((value.name, self.expression(depth + 1)))
            elif named:
                raise self._error("a plain argument follows a named one", self.token)
            else:
                args.append(value)
            if not self._take(","):
                self._need(")")
                break
        return tuple(args), tuple(named)
