"""This module evaluates a parsed expression against a scope, and says clearly what does not fit."""

from __future__ import annotations

import difflib
import inspect
import types
import typing
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from typing import Literal as OneOf

from waferline.errors import BadInput, NotKnown
from waferline.quantity.period import Period
from waferline.quantity.quantity import Quantity
from waferline.study.language import Call, Expression, Literal, Name, Sequence, parse
from waferline.study.values import Named, Printed, Scope, Value
from waferline.study.vocabulary import VOCABULARY

# Special forms: their argument may be unknown, so they see it unevaluated.
LAZY = {
    "known": "Whether the expression in it is known on the day.",
    "either": "The first of several expressions that is known on the day.",
}


@lru_cache(maxsize=4096)
def _parsed(text: str, where: str) -> Expression:
    return parse(text, where)


def evaluate(text: str, scope: Scope) -> Value:
    """The value of an expression. Raises NotKnown if the evidence has no answer on the day, BadInput if it is wrong."""
    return _evaluate(_parsed(text, scope.where), scope)


def evaluate_quantity(text: str, scope: Scope) -> Quantity:
    """The same, where only a number will do."""
    value = evaluate(text, scope)
    if isinstance(value, Printed):
        return _number(value, scope)
    if not isinstance(value, Quantity):
        raise BadInput(
            scope.where, "the expression gives no quantity", "level(…) or a relation", _kind(value)
        )
    return value


def evaluate_condition(text: str, scope: Scope) -> bool:
    """The truth of a condition; what is not known on the day does not hold."""
    try:
        value = evaluate(text, scope)
    except NotKnown:
        return False
    if not isinstance(value, bool):
        raise BadInput(
            scope.where,
            "the condition is neither true nor false",
            'for instance since("2025-01-20")',
            _kind(value),
        )
    return value


def evaluate_for_text(text: str, scope: Scope) -> Quantity | Period | Printed | Named:
    """The value of an expression in a sentence: a quantity, a date or a name, never a literal."""
    value = evaluate(text, scope)
    if isinstance(value, Quantity | Period | Printed | Named):
        return value
    raise BadInput(scope.where, "a literal is not evidence", "a quantity, a period or a name", _kind(value))


def _evaluate(tree: Expression, scope: Scope) -> Value:
    if isinstance(tree, Literal):
        return tree.value
    if isinstance(tree, Name):
        value = scope.variable(tree.name)
        if value is None:
            names = ", ".join(key for key, _ in scope.variables) or "none here"
            raise BadInput(scope.where, "unknown name in the expression", f"one of: {names}", tree.name)
        return value
    if isinstance(tree, Sequence):
        return [_evaluate(item, scope) for item in tree.items]
    if tree.function in LAZY:
        return _evaluate_lazy(tree, scope)
    function = VOCABULARY.get(tree.function)
    if function is None:
        near = difflib.get_close_matches(tree.function, (*VOCABULARY, *LAZY), n=3)
        raise BadInput(
            scope.where,
            "unknown function in the expression",
            f"one of {', '.join(near)}" if near else "a function of the vocabulary",
            tree.function,
        )
    args = [_evaluate(argument, scope) for argument in tree.args]
    named = {key: _evaluate(value, scope) for key, value in tree.named}
    return _call(tree.function, function, args, named, scope)


def _evaluate_lazy(tree: Call, scope: Scope) -> Value:
    if tree.named or not tree.args or (tree.function == "known" and len(tree.args) != 1):
        raise BadInput(scope.where, f"{tree.function} takes expressions only", f"{tree.function}(level(…))")
    for argument in tree.args[:-1] if tree.function == "either" else tree.args:
        try:
            value = _evaluate(argument, scope)
        except NotKnown:
            continue
        return True if tree.function == "known" else value
    return False if tree.function == "known" else _evaluate(tree.args[-1], scope)


@lru_cache(maxsize=256)
def _parameters(function: Callable[..., Value]) -> tuple[tuple[inspect.Parameter, tuple[Any, ...]], ...]:
    hints = typing.get_type_hints(function)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return tuple((parameter, _accepted(hints.get(parameter.name, Any))) for parameter in parameters)


def _accepted(hint: Any) -> tuple[Any, ...]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return tuple(kind for option in typing.get_args(hint) for kind in _accepted(option))
    if typing.get_origin(hint) is OneOf:
        return typing.get_args(hint)
    return (typing.get_origin(hint) or hint,)


def _call(
    name: str, function: Callable[..., Value], args: list[Value], named: dict[str, Value], scope: Scope
) -> Value:
    parameters = _parameters(function)
    positional = [entry for entry in parameters if entry[0].kind is not inspect.Parameter.KEYWORD_ONLY]
    variadic = next(
        (entry for entry in positional if entry[0].kind is inspect.Parameter.VAR_POSITIONAL), None
    )
    fixed = [entry for entry in positional if entry is not variadic]
    signature = f"{name}({', '.join(parameter.name for parameter, _ in parameters)})"
    if len(args) > len(positional) and not variadic:
        raise BadInput(scope.where, f"too many arguments for {name}", signature, str(len(args)))
    fitted = [
        _fit(value, *(fixed[i] if i < len(fixed) else positional[-1]), name, scope)
        for i, value in enumerate(args)
    ]
    by_name = {parameter.name: (parameter, accepted) for parameter, accepted in parameters}
    keywords: dict[str, Value] = {}
    for key, value in named.items():
        if key not in by_name:
            raise BadInput(scope.where, f"unknown argument of {name}", signature, key)
        keywords[key] = _fit(value, *by_name[key], name, scope)
    for parameter, _ in fixed[len(fitted) :]:
        if parameter.default is inspect.Parameter.empty and parameter.name not in keywords:
            raise BadInput(
                scope.where, f"an argument of {name} is missing", signature, f"no {parameter.name}"
            )
    try:
        return function(scope, *fitted, **keywords)
    except BadInput as error:
        # Errors of the algebra name their relation; the user also needs the place in the study.
        if error.where == scope.where:
            raise
        raise type(error)(
            scope.where, f"{error.where}: {error.what}", error.expected, error.found, error.fix
        ) from error
    except (OverflowError, ValueError) as error:
        raise BadInput(scope.where, f"{name} goes beyond the calendar", "years 1 to 9999") from error


def _fit(
    value: Value, parameter: inspect.Parameter, accepted: tuple[Any, ...], name: str, scope: Scope
) -> Value:
    """The value as the parameter wants it: a string becomes a Period where only a Period fits."""
    if Any in accepted or any(
        isinstance(value, kind) if isinstance(kind, type) else value == kind for kind in accepted
    ):
        return value
    if isinstance(value, Printed) and Quantity in accepted:
        return _number(value, scope)
    if isinstance(value, str) and Period in accepted:
        try:
            return Period.parse(value)
        except BadInput as error:
            raise BadInput(scope.where, f"not a period: {value!r}", error.expected, fix=error.fix) from error
    wanted = " or ".join(
        sorted({getattr(kind, "__name__", str(kind)).lower() for kind in accepted} - {"nonetype"})
    )
    raise BadInput(scope.where, f"{parameter.name} of {name} does not fit", wanted, _kind(value))


def _number(value: Printed, scope: Scope) -> Quantity:
    """What a printed number prints; a range is no number, and its middle nobody stated."""
    if value.ends:
        raise BadInput(
            scope.where, "a range stands where a number is wanted", "one number", value.text.en,
            "the level of its lower or its upper end",
        )  # fmt: skip
    return value.quantity


def _kind(value: Value) -> str:
    if isinstance(value, str | int):
        return f"the literal {value!r}"
    return f"a {type(value).__name__.lower()}"
