from __future__ import annotations

import pytest
from hypothesis import given
from strategies import units

from waferline.errors import BadInput
from waferline.quantity import Unit, convertible, unit

# Every unit string of the evidence, as collected from its observation files.
EVIDENCE_UNITS = (
    """
%|CNY|CNY 100m|CNY bn|CNY per mn tokens|EFLOPS|FLOP|GB|GB/s|TFLOP/s|TOP/s|TOPS|TWD bn|TWD mn|USD|USD (2023)|USD bn
USD mn|USD per GPU hour|USD per mn tokens|USD thousand|W|WPM|WPM (12-inch)|WPM (8-inch equivalent)|bn parameters
bn tokens|count|datapoints|fabs|g|index|megapixel|million|million WPM|million WPM (8-inch equivalent)
million square inches|million units|million wafers (12-inch equivalent)|million wafers (8-inch equivalent)
million wafers (basis not stated)|minutes|nm|nodes|parameters|rating|ratio|ratio per year|stacks|thousand GPU hours
thousand GPUs|thousand units|tn tokens|tokens|tokens/s|units|wafers|wafers (8-inch equivalent)
wafers (period not stated)|weeks|x|x reticle
""".strip()
    .replace("\n", "|")
    .split("|")
)


def test_all_62_unit_strings_of_the_evidence_are_known_with_words() -> None:
    assert len(EVIDENCE_UNITS) == 62
    for name in EVIDENCE_UNITS:
        assert unit(name).name == name
        assert unit(name).zh
        assert unit(name).en or name == "count"


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [
        ("USD bn", "USD mn", 1000), ("CNY 100m", "CNY mn", 100), ("亿元", "CNY 100m", 1), ("百万美元", "USD mn", 1),
        ("亿美元", "USD mn", 100), ("million WPM", "WPM", 1_000_000), ("tn tokens", "bn tokens", 1000),
        ("EFLOPS", "TFLOP/s", 1_000_000), ("ratio", "%", 100), ("weeks", "minutes", 10_080), ("亿", "万", 10_000),
        ("million units", "万台", 100), ("percentage point", "pp", 1),
    ],
)  # fmt: skip
def test_scales(one: str, other: str, times: int) -> None:
    assert convertible(unit(one), unit(other))
    assert unit(one).scale / unit(other).scale == times


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("USD", "CNY"), ("USD", "USD (2023)"), ("TWD bn", "USD bn"), ("%", "pp"), ("x", "pp"),
        ("WPM", "WPM (12-inch)"), ("WPM (8-inch equivalent)", "WPM (12-inch)"), ("WPM", "wafers"),
        ("wafers", "wafers (8-inch equivalent)"), ("wafers", "wafers (period not stated)"),
        ("million wafers (basis not stated)", "wafers (12-inch equivalent)"), ("units", "count"),
        ("FLOP", "TFLOP/s"), ("ratio", "ratio per year"), ("index", "x"),
    ],
)  # fmt: skip
def test_different_things_and_bases_are_never_convertible(one: str, other: str) -> None:
    assert not convertible(unit(one), unit(other))


def test_unknown_unit_is_refused_with_near_misses() -> None:
    with pytest.raises(BadInput, match=r"unknown unit: .*found 'USD bnn'. Try: .*USD bn"):
        unit("USD bnn")


@given(units, units)
def test_quotient_times_divisor_is_the_dividend(a: Unit, b: Unit) -> None:
    back = a / b * b

    assert (back.dims, back.scale) == (a.dims, a.scale)


@given(units, units)
def test_products_do_not_depend_on_order(a: Unit, b: Unit) -> None:
    assert ((a * b).dims, (a * b).scale) == ((b * a).dims, (b * a).scale)


@given(units, units, units)
def test_composed_names_read_back_as_the_same_unit(a: Unit, b: Unit, c: Unit) -> None:
    for composed in (a / b, a * b, a / b / c, a / (b / c), (a * b) / c, a * (b / c)):
        assert unit(composed.name) == composed


def test_powers() -> None:
    assert unit("USD bn") ** 0 == unit("x")
    assert (unit("USD bn") ** -1 * unit("USD mn")).scale == unit("USD mn").scale / unit("USD bn").scale
    assert (unit("nm") ** 2).dims == (("nanometre", 2),)


def test_known_results_get_their_name_from_the_table() -> None:
    assert unit("million WPM") * unit("months") == unit("million wafers")
    assert unit("TWD bn") * unit("USD per TWD") == unit("USD bn")
    assert unit("USD") / unit("GPU hours") == unit("USD per GPU hour")
