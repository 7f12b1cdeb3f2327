"""What floating point rules out, exact intervals rule out too: the shortcut never changes a verdict."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from waferline.audit.judge import value_of
from waferline.audit.mentions import Measure, Mention
from waferline.audit.quick import ends_of, surely_apart
from waferline.errors import BadInput
from waferline.quantity.interval import Interval

_PRINTED = st.tuples(
    st.integers(-(10**12), 10**12), st.integers(-3, 14).map(lambda n: Fraction(10) ** -n)
).map(lambda pair: (pair[0] * pair[1], pair[1]))
_NAMES = st.sampled_from(
    [
        "yoy",
        "share",
        "ratio",
        "difference",
        "sum",
        "average",
        "product",
        "cagr",
        "growth_from_change",
        "share_of_sum",
        "restatement",
    ]
)


def _exact(value: Fraction, step: Fraction) -> Interval:
    return Interval(value - step / 2, value + step / 2)


@given(name=_NAMES, one=_PRINTED, other=_PRINTED, stated=_PRINTED, near=st.integers(-3, 3))
def test_what_is_ruled_out_does_not_overlap(name, one, other, stated, near):
    years = 3 if name == "cagr" else 0
    try:
        result = value_of(name, [_exact(*one), _exact(*other)], years=years)
    except (BadInput, ZeroDivisionError):
        return
    step = stated[1]
    # the free number, and printed numbers at the very ends of the result, where a float could go wrong
    edges = [
        (round(end / step) + near) * step + half
        for end in (result.low, result.high)
        for half in (0, step / 2, result.width)
    ]
    for value in (stated[0], *edges, result.low - step / 2, result.high + step / 2):
        if surely_apart(name, [ends_of(*one), ends_of(*other)], ends_of(value, step), years=years):
            assert not result.overlaps(_exact(value, step))


def test_it_rules_something_out():
    ends = [ends_of(Fraction(x), Fraction(1)) for x in (627, 526)]
    assert surely_apart("yoy", ends, ends_of(Fraction("0.911"), Fraction("0.001")))
    assert not surely_apart("yoy", ends, ends_of(Fraction("0.191"), Fraction("0.001")))
    assert surely_apart("sum", ends, ends_of(Fraction(1150), Fraction(1)))
    assert surely_apart("cagr", ends, ends_of(Fraction("0.091"), Fraction("0.001")), years=3)
    assert not surely_apart("cagr", ends, ends_of(Fraction("0.061"), Fraction("0.001")), years=3)
    assert surely_apart("share_of_sum", ends, ends_of(Fraction("0.456"), Fraction("0.001")))
    assert not surely_apart("share_of_sum", ends, ends_of(Fraction("0.544"), Fraction("0.001")))
    assert surely_apart("restatement", ends[:1], ends_of(Fraction(672), Fraction(1)))


def test_numbers_beyond_floats_are_left_to_fractions():
    huge = ends_of(Fraction(10) ** 400, Fraction(1))
    assert not surely_apart("sum", [huge, huge], ends_of(Fraction(1), Fraction(1)))


@given(one=_PRINTED, other=_PRINTED, times=st.sampled_from([1, 15, 300]), near=st.integers(-1, 1))
def test_the_order_of_two_numbers_is_exact(one, other, times, near):
    def mention(value: Fraction, step: Fraction) -> Mention:
        return Mention(0, 1, "", 0, 1, value, step, Measure("plain"))

    a = mention(*one)
    for b in (mention(*other), mention(a.value / times + near * Fraction(1, 10**18), a.step)):
        exact = a.value - times * b.value
        assert a.order(b, times) == (exact > 0) - (exact < 0)
