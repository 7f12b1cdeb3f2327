from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import example_inputs, level, literal_of, places, true_values

from waferline.errors import BadInput
from waferline.quantity import RELATIONS, Interval, Quantity, Relation, apply, observed, relation, unit
from waferline.quantity.interval import power
from waferline.quantity.printing import explain, printed, said

NAMES = ["yoy", "qoq", "mom", "growth", "cagr", "share", "total", "difference", "ratio", "per", "product", "average", "rebased", "relative_return", "drawdown", "rise", "moving_average", "calendarised", "year_to_date", "january_february", "contribution", "converted", "constant_currency_growth", "midpoint", "trend"]  # fmt: skip


def test_the_registry_holds_these_relations_and_finds_them_by_name() -> None:
    assert [each.name for each in RELATIONS] == NAMES
    assert all(relation(name).name == name for name in NAMES)


def test_unknown_relation_is_refused_with_near_misses() -> None:
    with pytest.raises(BadInput, match=r"unknown relation: .* Try: yoy"):
        relation("yoyy")


# ---- totality: every relation × every face × both languages


@pytest.mark.parametrize("rule", RELATIONS, ids=lambda rule: rule.name)
def test_example_gives_the_result_it_shows(rule: Relation) -> None:
    assert printed(apply(rule, *example_inputs(rule)), "en") == rule.example.result


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("rule", RELATIONS, ids=lambda rule: rule.name)
def test_every_face_speaks_both_languages(rule: Relation, lang: str) -> None:
    inputs = example_inputs(rule)
    q = apply(rule, *inputs)

    assert rule.title.of(lang)
    assert all(need.title.of(lang) for need in rule.needs)
    assert explain(q, lang)
    assert printed(q, lang)
    if rule.direction(*(each.unit for each in inputs)):
        assert said(q, lang)


@pytest.mark.parametrize("rule", RELATIONS, ids=lambda rule: rule.name)
def test_value_lies_in_its_interval(rule: Relation) -> None:
    q = apply(rule, *example_inputs(rule))

    assert q.interval.contains(q.value)
    assert q.interval.width > 0


@pytest.mark.parametrize("rule", RELATIONS, ids=lambda rule: rule.name)
def test_wrong_number_of_operands_is_refused(rule: Relation) -> None:
    inputs = example_inputs(rule)
    few = (
        ()
        if rule.name in ("total", "average", "moving_average", "year_to_date", "calendarised")
        else inputs[:1]
    )

    with pytest.raises(BadInput, match="wrong number of operands"):
        apply(rule, *few)
    if not rule.needs[-1].many:
        with pytest.raises(BadInput, match="wrong number of operands"):
            apply(rule, *inputs, inputs[0])


@pytest.mark.parametrize(
    "rule", [r for r in RELATIONS if r.name not in ("per", "product", "trend")], ids=lambda rule: rule.name
)  # fmt: skip
def test_another_currency_or_basis_is_refused_naming_both(rule: Relation) -> None:
    inputs = list(example_inputs(rule))
    odd = inputs[1]
    if rule.name == "share" and len(inputs) == 1:
        return
    inputs[1] = observed(level(odd.trace.literal, "JPY bn", str(odd.period), series="odd").trace)  # type: ignore[union-attr, arg-type]

    with pytest.raises(BadInput) as error:
        apply(rule, *inputs)

    assert "JPY bn" in str(error.value)
    assert (inputs[0].unit.name in str(error.value)) or rule.name == "converted"
    assert "\n" not in str(error.value)


# ---- soundness


@given(st.data())
@pytest.mark.parametrize(
    "rule", [r for r in RELATIONS if r.name not in ("trend", "midpoint")], ids=lambda rule: rule.name
)
def test_true_value_lies_in_the_interval_of_what_was_printed(rule: Relation, data: st.DataObject) -> None:
    inputs, truths = [], []
    for i, (_, unit_name, period) in enumerate(rule.example.inputs):
        truth = data.draw(true_values)
        literal = literal_of(truth, data.draw(places))
        inputs.append(level(literal, unit_name, period, series=f"s{i}"))
        truths.append(truth * unit(unit_name).scale)
    for i, operand in enumerate(inputs):
        need = rule.needs[min(i, len(rule.needs) - 1)]
        assume(not need.positive or operand.interval.low > 0)
    q = apply(rule, *inputs)

    true = rule.value(*truths, periods=[each.period for each in inputs]) / q.unit.scale

    slack = abs(true) / 10**40 if rule.rounds else 0
    assert q.interval.low - slack <= true <= q.interval.high + slack


@given(true_values, true_values, places, places)
def test_honestly_rounded_growth_is_never_called_inconsistent(
    new: Fraction, old: Fraction, level_places: int, growth_places: int
) -> None:
    stated = level(literal_of((new / old - 1) * 100, growth_places), "%", "2024", series="stated")
    inputs = (
        level(literal_of(new, level_places), series="new"),
        level(literal_of(old, level_places), period="2023", series="old"),
    )
    if inputs[1].interval.low <= 0:
        return

    assert apply(relation("yoy"), *inputs).interval.overlaps(stated.interval)


@given(st.lists(true_values, min_size=2, max_size=5), places, places)
def test_honestly_rounded_shares_are_never_called_inconsistent(
    parts: list[Fraction], level_places: int, share_places: int
) -> None:
    stated = level(literal_of(parts[0] / sum(parts) * 100, share_places), "%", series="stated")
    levels = [level(literal_of(part, level_places), series=f"s{i}") for i, part in enumerate(parts)]
    if any(each.interval.low <= 0 for each in levels):
        return

    share = apply(relation("share"), levels[0], apply(relation("total"), *levels))

    assert share.interval.overlaps(stated.interval)


@given(true_values, true_values, true_values, true_values)
def test_nested_relations_over_shared_leaves_enclose_the_truth(
    a: Fraction, b: Fraction, c: Fraction, d: Fraction
) -> None:
    truths = [a, b, c, d]
    new = [level(literal_of(x, 1), series=f"s{i}") for i, x in enumerate((a, b))]
    old = [level(literal_of(x, 1), period="2023", series=f"s{i}") for i, x in enumerate((c, d))]
    if any(each.interval.low <= 0 for each in new + old):
        return
    total_new, total_old = apply(relation("total"), *new), apply(relation("total"), *old)
    gap = apply(
        relation("difference"),
        apply(relation("yoy"), new[0], old[0]),
        apply(relation("yoy"), total_new, total_old),
    )
    true = (truths[0] / truths[2] - (a + b) / (c + d)) * 100

    assert gap.interval.contains(true)
    assert gap.unit == unit("pp")


# ---- inverses


@given(true_values, true_values)
def test_base_times_one_plus_growth_is_the_new_level(new: Fraction, old: Fraction) -> None:
    growth = relation("growth").value(new, old)

    assert old * (1 + growth) == new


@given(true_values, true_values, st.integers(1, 12))
def test_compounding_the_cagr_gives_back_the_last_level(new: Fraction, old: Fraction, n: int) -> None:
    q = apply(
        relation("cagr"), level(literal_of(new + 1, 2), period=str(2000 + n)), level("100.0", period="2000")
    )

    ratio = (q.value / 100 + 1) ** n
    assert abs(ratio * 100 - Fraction(literal_of(new + 1, 2))) < Fraction(1, 10**30)


# ---- gold values, from the reports and statistics named


@pytest.mark.parametrize(
    ("name", "new", "old", "places", "result"),
    [
        # Yole, advanced packaging 37.8 (2023) to 69.5 bn USD (2029): six years.
        ("cagr", ("69.5", "2029"), ("37.8", "2023"), 2, "10.68%"),
        # SIA, world semiconductor sales 2024 as first printed and as revised.
        ("yoy", ("627.6", "2024"), ("526.8", "2023"), 1, "19.1%"),
        ("yoy", ("630.5", "2024"), ("526.8", "2023"), 1, "19.7%"),
    ],
)
def test_gold_growth(name: str, new: tuple[str, str], old: tuple[str, str], places: int, result: str) -> None:
    q = apply(relation(name), level(new[0], period=new[1]), level(old[0], period=old[1]))

    assert printed(q, "en", places=places) == result


def test_a_stated_rate_that_plain_recomputing_would_accuse_is_consistent() -> None:
    # SEMI printed −8.2 % for materials in 2023; its rounded levels give −8.25 %, which rounds to −8.3 %.
    q = apply(relation("yoy"), level("66.7", period="2023"), level("72.7", period="2022"))

    assert printed(q, "en") == "−8.3%"
    assert q.interval.overlaps(level("-8.2", "%", "2023").interval)


def test_cagr_over_half_years_and_days_counts_its_periods() -> None:
    half = apply(relation("cagr"), level("121", period="2024-H1"), level("100", period="2022-H1"))
    days = apply(relation("cagr"), level("121", "index", "2025-03-19"), level("100", "index", "2023-03-19"))
    odd = apply(relation("cagr"), level("110", "index", "2025-03-19"), level("100", "index", "2024-01-02"))

    assert half.value == days.value == 10
    # 442 days are 442/365.25 years.
    assert round(float(odd.value), 4) == round((1.1 ** (365.25 / 442) - 1) * 100, 4)


# ---- preconditions


def refused(name: str, *operands: tuple[str, str, str]) -> str:
    with pytest.raises(BadInput) as error:
        apply(relation(name), *(level(v, u, p, series=f"s{i}") for i, (v, u, p) in enumerate(operands)))
    return str(error.value)


BN = "USD bn"


@pytest.mark.parametrize(
    ("name", "periods", "says"),
    [
        ("yoy", ("2024", "2022"), "the base of 2024 is the wrong period: expected 2023, found 2022"),
        ("yoy", ("2024-Q1", "2023-Q4"), "expected 2023-Q1, found 2023-Q4"),
        ("yoy", ("2024", "2022-07/2023-06"), "expected 2023, found 2022-07/2023-06"),
        ("qoq", ("2024-Q1", "2023-Q3"), "expected 2023-Q4, found 2023-Q3"),
        ("qoq", ("2024", "2023"), "not defined for this period: expected a quarter, found 2024 (year)"),
        ("mom", ("2024-03", "2024-01"), "expected 2024-02, found 2024-01"),
        ("mom", ("2024-Q1", "2023-Q4"), "expected a month"),
        ("growth", ("2023", "2024"), "the new level is older than the base"),
        ("cagr", ("2024", "2023-Q1"), "different lengths"),
        ("cagr", ("2024", "2024"), "not later than the base"),
        ("share", ("2024", "2023"), "about different periods"),
        ("total", ("2024", "2024-Q1"), "would count twice"),
        ("calendarised", ("2024-Q1", "2024-Q2", "2024-Q4"), "gap or overlap"),
        ("calendarised", ("2023-Q4", "2024-Q1", "2024-Q2", "2024-Q3"), "do not cover a calendar period"),
        ("calendarised", ("2022-07/2023-06",), "do not cover a calendar period"),
        ("calendarised", ("2024-01/2024-04", "2024-04/2024-12"), "gap or overlap"),
        ("year_to_date", ("2024-02", "2024-03"), "from January on"),
        ("year_to_date", ("2024-01", "2024-03"), "from January on"),
        ("year_to_date", ("2024-12", "2025-01"), "from January on"),
        ("january_february", ("2024-01", "2025-02"), "not January and February of one year"),
        ("january_february", ("2024-02", "2024-03"), "not January and February of one year"),
        ("moving_average", ("2024-01", "2024-03"), "not consecutive: expected 2024-02, found 2024-03"),
        ("moving_average", ("2024-01-03", "2024-01-02"), "not consecutive"),
        ("midpoint", ("2024", "2025"), "about different periods"),
        ("relative_return", ("2025", "2024", "2025", "2023"), "about different periods"),
        ("contribution", ("2024", "2023", "2022"), "about different periods"),
        ("contribution", ("2023", "2023", "2023"), "not later than its base"),
    ],
)  # fmt: skip
def test_periods_that_do_not_go_together_are_refused(name: str, periods: tuple[str, ...], says: str) -> None:
    text = refused(name, *((str(100 + i), BN, p) for i, p in enumerate(periods)))

    assert says in text
    assert text.startswith(f"{name}(s0 {periods[0]}")


def test_quarters_of_a_shifted_fiscal_year_follow_each_other() -> None:
    q = apply(
        relation("qoq"), level("44.1", period="2025-02/2025-04"), level("39.3", period="2024-11/2025-01")
    )

    assert printed(q, "en") == "12.2%"
    assert str(q.period) == "2025-02/2025-04"


def test_fiscal_years_may_grow_on_each_other_and_never_on_calendar_years() -> None:
    q = apply(relation("yoy"), level("110", period="2023-07/2024-06"), level("100", period="2022-07/2023-06"))

    assert q.value == 10
    assert "different periods" in refused("share", ("110", BN, "2023-07/2024-06"), ("200", BN, "2024"))


def test_a_base_whose_interval_touches_zero_is_refused() -> None:
    assert "not surely above zero" in refused("yoy", ("5", BN, "2024"), ("0", BN, "2023"))
    assert "not surely above zero" in refused("yoy", ("5", BN, "2024"), ("-3", BN, "2023"))
    assert "found -0.05 to 0.05 USD bn" in refused("yoy", ("5", BN, "2024"), ("0.0", BN, "2023"))


def test_rival_houses_of_one_series_are_not_compared() -> None:
    new, old = level("700", period="2025", by="Gartner"), level("627.6", by="WSTS")

    with pytest.raises(BadInput, match=r"rival houses: expected Gartner, found WSTS"):
        apply(relation("yoy"), new, old)


def test_growth_works_across_scales_of_one_currency() -> None:
    q = apply(relation("yoy"), level("627600", "USD mn"), level("526.8", period="2023"))

    assert printed(q, "en") == "19.1%"


# ---- units and periods of results


@pytest.mark.parametrize(
    ("name", "operands", "unit_name", "period"),
    [
        ("difference", (("19.1", "%", "2024"), ("15.9", "%", "2023")), "pp", "2024"),
        ("difference", (("0.5", "ratio", "2024"), ("40", "%", "2024")), "pp", "2024"),
        ("difference", (("3", "pp", "2024"), ("1", "pp", "2024")), "pp", "2024"),
        ("difference", (("5", BN, "2024"), ("3000", "USD mn", "2024")), BN, "2024"),
        ("total", (("5", BN, "2024-Q1"), ("5", BN, "2024-Q2")), BN, "2024-H1"),
        ("total", (("5", BN, "2024-Q1"), ("5", BN, "2024-Q3")), BN, None),
        ("product", (("5", BN, "2024"), ("30", "%", "2024")), BN, "2024"),
        ("product", (("30", "%", "2024"), ("5", BN, "2024")), BN, "2024"),
        ("product", (("5", "million WPM", "2024"), ("12", "months", "2024")), "million wafers", "2024"),
        ("per", (("5", BN, "2024"), ("10", "USD per TWD", "2024")), "TWD bn", "2024"),
        ("converted", (("5", "TWD bn", "2024"), ("0.03", "USD per TWD", "2024")), "USD bn", "2024"),
        ("converted", (("5", "TWD mn", "2024-01"), ("0.03", "USD per TWD", "2024")), "USD mn", "2024-01"),
        ("average", (("5", "%", "2024-Q1"), ("7", "%", "2024-Q2")), "%", "2024-H1"),
        ("calendarised", (("5", BN, "2024-H2"), ("7", BN, "2024-H1")), BN, "2024"),
        ("growth", (("5", "USD", "2025-03-19"), ("4", "USD", "2024-01-02")), "%", "2024-01-02/2025-03-19"),
    ],
)
def test_unit_and_period_of_the_result(
    name: str, operands: tuple[tuple[str, str, str], ...], unit_name: str, period: str | None
) -> None:
    q = apply(relation(name), *(level(v, u, p, series=f"s{i}") for i, (v, u, p) in enumerate(operands)))

    assert q.unit.name == unit_name
    assert (str(q.period) if q.period else None) == period


@pytest.mark.parametrize(
    ("name", "operands", "says"),
    [
        ("difference", (("3", "pp", "2024"), ("1", "%", "2024")), "expected pp, found %"),
        (
            "total",
            (("3", "WPM (8-inch equivalent)", "2024"), ("1", "WPM (12-inch)", "2024")),
            "found WPM (12-inch)",
        ),
        ("total", (("3", BN, "2024"), ("1", "USD (2023)", "2024")), "currencies or price bases do not mix"),
        ("per", (("3", BN, "2024"), ("1", "USD mn", "2024")), "Try: ratio or share"),
        (
            "converted",
            (("3", BN, "2024"), ("0.03", "USD per TWD", "2024")),
            "expected another currency per USD",
        ),
        (
            "converted",
            (("3", "TWD bn", "2024"), ("0.03", "USD per TWD", "2023")),
            "rate is of another period",
        ),
    ],
)
def test_operands_that_measure_different_things_are_refused(
    name: str, operands: tuple[tuple[str, str, str], ...], says: str
) -> None:
    assert says in refused(name, *operands)


def test_contribution_of_all_parts_is_the_growth_of_the_whole() -> None:
    a, a0 = level("165.5", series="a"), level("92.3", period="2023", series="a")
    b, b0 = level("462.1", series="b"), level("434.5", period="2023", series="b")
    whole, whole0 = apply(relation("total"), a, b), apply(relation("total"), a0, b0)
    parts = [apply(relation("contribution"), new, old, whole0) for new, old in ((a, a0), (b, b0))]

    growth = apply(relation("yoy"), whole, whole0)
    assert apply(relation("total"), *parts).value == growth.value


def test_constant_currency_growth_takes_the_rate_out() -> None:
    # 10 % more in local money, while the local currency lost a fifth: 88 against 100 in reporting money.
    q = apply(
        relation("constant_currency_growth"),
        level("88", series="n"), level("100", period="2023", series="n"),
        level("0.8", "USD per EUR", series="r"), level("1.0", "USD per EUR", "2023", series="r"),
    )  # fmt: skip

    assert q.value == 10


def test_a_thousand_parts_are_bounded_at_once() -> None:
    parts = [level("1.0", series=f"s{i}") for i in range(1000)]

    assert apply(relation("total"), *parts).interval == Interval.of(950, 1050)


def test_power_is_the_root_the_cagr_uses() -> None:
    q: Quantity = apply(relation("cagr"), level("800", period="2003"), level("100", period="2000"))

    assert q.value == (power(Fraction(8), Fraction(1, 3)) - 1) * 100 == 100


@pytest.mark.parametrize(
    ("new", "low", "high"),
    [("-20", "-2.05/0.95", "-1.95/1.05"), ("20", "1.95/1.05", "2.05/0.95"), ("0", "-0.05/0.95", "0.05/0.95")],
)
def test_a_loss_or_a_zero_over_a_base_is_bounded_at_the_right_corners(new: str, low: str, high: str) -> None:
    # Levels known to ± 0.5, bases of 10: a loss of 20 lies between 20.5/9.5 and 19.5/10.5 of the base.
    q = apply(relation("ratio"), level(new, series="a"), level("10", series="b"))

    ends = [Fraction(top) / Fraction(bottom) for top, bottom in (end.split("/") for end in (low, high))]
    assert q.interval == Interval(*ends)
