"""What a user gives for an input, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waferline.errors import BadInput
from waferline.models.distributions import Distribution, distribution
from waferline.models.model import Input
from waferline.models.settings import read_setting
from waferline.quantity.relations.base import Phrase

TOKENS = Input("tokens", "tokens", Phrase("词元", "tokens"), low=0)
SHARE = Input("share", "x", Phrase("占比", "share"), low=0, high=1)
LIST = Input("losses", "x", Phrase("损失", "losses"), many=True)


@pytest.mark.parametrize(
    ("given_", "shape", "low", "central", "high"),
    [
        ("14.8e12", "point", 14.8e12, 14.8e12, 14.8e12),
        ("14.8 tn tokens", "point", 14.8e12, 14.8e12, 14.8e12),
        ("1,000 bn tokens", "point", 1e12, 1e12, 1e12),
        ("1..3 tn tokens", "uniform", 1e12, 2e12, 3e12),
        ("1..2..4", "lognormal", 1, 2, 4),
        ({"low": "1", "high": "2", "unit": "bn tokens"}, "uniform", 1e9, 1.5e9, 2e9),
        ({"value": "3", "unit": "bn tokens"}, "point", 3e9, 3e9, 3e9),
        ({"low": 0, "central": 1, "high": 3, "shape": "triangular"}, "triangular", 0, 1, 3),
        (7, "point", 7, 7, 7),
    ],
)
def test_a_setting_is_read_in_the_unit_of_its_input(given_, shape, low, central, high):
    found = read_setting(TOKENS, given_, "here")
    assert isinstance(found, Distribution)
    assert (found.shape, found.low, found.central, found.high) == (shape, low, central, high)


def test_a_per_cent_is_a_part_of_one():
    assert read_setting(SHARE, "38 %", "here").central == pytest.approx(0.38)


@pytest.mark.parametrize(
    ("about", "given_", "says"),
    [
        (TOKENS, "-1", "tokens is out of range: expected at least 0 tokens, found -1"),
        (TOKENS, "3 GB", "a unit of the wrong kind for tokens"),
        (TOKENS, "3 parsec", "unknown unit"),
        (TOKENS, "many", "not a number"),
        (TOKENS, "nan", "not a number"),
        (TOKENS, True, "not a number"),
        (TOKENS, "14,8 tn tokens", "not a number"),
        (TOKENS, "1,2,3", "not a number"),
        (TOKENS, "1__0", "not a number"),
        (TOKENS, "１４.8", "not a number"),
        (TOKENS, "1..2..3..4", "not a number"),
        (TOKENS, "1" + " " * 100_000 + "\n2", "not a number"),
        (TOKENS, "1e308", "tokens is out of range: expected at most 1e+40, found 1e+308"),
        (TOKENS, 10**400, "tokens is out of range"),
        (TOKENS, "1..2..1e300", "tokens is out of range"),
        (TOKENS, {"value": 10**400, "unit": "tokens"}, "tokens is out of range"),
        (TOKENS, "3..1", "the ends are not in order"),
        (TOKENS, {"value": 1, "low": 0}, "a value has no range"),
        (TOKENS, {"vale": 1}, "unknown key"),
        (SHARE, "140 %", "share is out of range"),
        (LIST, "one", "not a number"),
        (LIST, [], "losses takes a list"),
        (LIST, [1, float("inf")], "not a number"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(about, given_, says):
    with pytest.raises(BadInput) as caught:
        read_setting(about, given_, "--set tokens")
    assert str(caught.value).startswith("--set tokens: ")
    assert says in str(caught.value)


def test_a_list_is_an_array():
    assert read_setting(LIST, "1 2;3", "here").tolist() == [1, 2, 3]


@given(
    st.floats(0.01, 100),
    st.floats(1.01, 10),
    st.floats(1.01, 10),
    st.sampled_from(["lognormal", "normal", "triangular"]),
)
@settings(deadline=None)  # the first call loads the distributions
def test_a_distribution_passes_through_the_numbers_that_name_it(low, up, further, shape):
    central, high = low * up, low * up * further
    found = distribution("here", low=low, central=central, high=high, shape=shape)
    if shape == "triangular":
        ends = found.at(np.array([1e-12, 1 - 1e-12]))
        assert ends == pytest.approx([low, high], rel=1e-4)
    else:
        assert found.at(np.array([0.1, 0.5, 0.9])) == pytest.approx([low, central, high], rel=1e-9)


@given(
    st.floats(0.05, 0.95),
    st.sampled_from(["uniform", "triangular", "normal", "lognormal"]),
    st.floats(0, 0.3),
    st.floats(0.5, 1),
)
def test_a_cut_off_distribution_stays_inside_and_keeps_its_shape(u, shape, low, high):
    central = None if shape == "uniform" else 0.4
    found = distribution("here", low=0.2, central=central, high=0.7, shape=shape)
    if shape in ("uniform", "triangular"):
        low, high = min(low, 0.19), max(high, 0.71)
    value = found.at(np.array([u]), low, high)[0]
    assert low <= value <= high
    below = found._share_below(low)
    assert found._share_below(value) == pytest.approx(
        below + u * (found._share_below(high) - below), abs=1e-9
    )


TEXTS = st.text("0123456789.,_eE+-% \u0661\uff11\n" + "tnGBk/~", max_size=24)


@given(st.one_of(TEXTS, st.floats(), st.integers(), st.none(), st.lists(st.floats(), max_size=3), st.dictionaries(st.sampled_from(["value", "low", "central", "high", "unit", "shape", "x"]), st.one_of(TEXTS, st.floats(), st.integers()), max_size=4)))  # fmt: skip
def test_whatever_is_given_is_a_number_in_range_or_one_line(given_):
    for about in (TOKENS, SHARE, LIST):
        try:
            found = read_setting(about, given_, "here")
        except BadInput as error:
            refused = str(error)
        else:
            refused = ""
        if refused:
            assert refused.startswith("here") and "\n" not in refused
            continue
        if isinstance(found, Distribution):
            found = found.at(np.array([0.001, 0.5, 0.999]), about.low, about.high)
        assert np.isfinite(found).all()
        assert (found >= about.low).all() and (found <= about.high).all()
