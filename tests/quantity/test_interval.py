from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.quantity.interval import Interval, N, enclosure, power

bounds = st.fractions(-50, 50, max_denominator=20)
intervals = st.tuples(bounds, bounds).map(lambda ends: Interval(min(ends), max(ends)))
positive = st.tuples(st.fractions("0.1", 50, max_denominator=20), st.fractions(0, 5, max_denominator=20)).map(
    lambda pair: Interval(pair[0], pair[0] + pair[1])
)
inside = st.fractions(0, 1, max_denominator=16)


def at(interval: Interval, position: Fraction) -> Fraction:
    return interval.low + interval.width * position


@given(intervals, intervals, inside, inside)
def test_arithmetic_encloses_every_pair_of_values(a: Interval, b: Interval, s: Fraction, t: Fraction) -> None:
    x, y = at(a, s), at(b, t)

    assert (a + b).contains(x + y)
    assert (a - b).contains(x - y)
    assert (a * b).contains(x * y)
    if not b.contains(Fraction(0)):
        assert (a / b).contains(x / y)


def test_division_by_an_interval_that_holds_zero_is_refused() -> None:
    with pytest.raises(BadInput, match="divisor may be zero"):
        Interval.of(1, 2) / Interval.of(-1, 1)


@given(positive, st.integers(1, 12), inside)
def test_roots_enclose_the_exact_root(base: Interval, n: int, s: Fraction) -> None:
    root = power(base, Fraction(1, n))

    assert root.low**n <= at(base, s) <= root.high**n


@given(st.fractions("0.02", 1000, max_denominator=50), st.integers(1, 9))
def test_root_of_a_perfect_power_is_exact(root: Fraction, n: int) -> None:
    assert power(root**n, Fraction(1, n)) == root


def test_root_of_a_number_not_above_zero_is_refused() -> None:
    with pytest.raises(BadInput, match="only a positive number"):
        power(Fraction(0), Fraction(1, 2))


def formulas() -> st.SearchStrategy[tuple[str, ...]]:
    """Random formulas over four leaves, in reverse Polish notation; each leaf may occur many times."""
    step = st.sampled_from(["0", "1", "2", "3", "+", "-", "*", "/", "root"])
    return st.lists(step, min_size=3, max_size=14).map(tuple)


def run(formula: tuple[str, ...], leaves: Sequence[N]) -> N:
    stack: list[N] = [leaves[0]]
    for word in formula:
        if word.isdigit():
            stack.append(leaves[int(word)])
        elif word == "root":
            stack.append(power(stack.pop(), Fraction(1, 3)))
        elif len(stack) > 1:
            b, a = stack.pop(), stack.pop()
            stack.append(a + b if word == "+" else a - b if word == "-" else a * b if word == "*" else a / b)
    return stack[-1]


@given(formulas(), st.lists(positive, min_size=4, max_size=4), st.lists(inside, min_size=4, max_size=4))
def test_enclosure_of_any_formula_holds_every_choice_of_leaf_values(
    formula: tuple[str, ...], box: list[Interval], positions: list[Fraction]
) -> None:
    leaves = [at(interval, s) for interval, s in zip(box, positions, strict=True)]

    def whole(xs: Sequence[N], /) -> N:
        return run(formula, xs)

    try:
        bound = enclosure(whole, box)
    except (BadInput, ZeroDivisionError):
        assume(False)
    # Roots of fractions are themselves rounded, to 60 digits.
    slack = Fraction(1, 10**40)
    assert bound.low - slack <= run(formula, leaves) <= bound.high + slack


@given(positive, positive, st.lists(positive, min_size=1, max_size=4))
def test_share_of_its_own_total_is_as_tight_as_its_two_corners(
    part: Interval, rest: Interval, more: list[Interval]
) -> None:
    def share(xs: Sequence[N], /) -> N:
        whole = xs[0]
        for x in xs[1:]:
            whole = whole + x
        return xs[0] / whole

    box = [part, rest, *more]
    others_low = sum(x.low for x in box[1:])
    others_high = sum(x.high for x in box[1:])

    assert enclosure(share, box) == Interval(
        part.low / (part.low + others_high), part.high / (part.high + others_low)
    )


@given(positive, positive)
def test_a_formula_less_itself_is_exactly_zero(a: Interval, b: Interval) -> None:
    def nothing(xs: Sequence[N], /) -> N:
        return (xs[0] + xs[1]) * 3 - xs[0] * 3 - xs[1] * 3

    assert enclosure(nothing, [a, b]) == Interval.of(0, 0)


@given(positive)
def test_product_of_a_leaf_with_itself_moves_once(a: Interval) -> None:
    def square(xs: Sequence[N], /) -> N:
        return xs[0] * xs[0]

    assert enclosure(square, [a]) == Interval(a.low**2, a.high**2)


def test_a_leaf_without_fixed_direction_keeps_the_wider_bound() -> None:
    def bent(xs: Sequence[N], /) -> N:
        return xs[0] * (4 - xs[0])  # highest at 2, in the middle of the box

    bound = enclosure(bent, [Interval.of(1, 3)])

    assert bound.low <= 3
    assert bound.high >= 4
