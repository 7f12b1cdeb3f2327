from __future__ import annotations

import sys
from math import exp, log, sqrt
from subprocess import run

import pytest
from strategies import level

from waferline.errors import BadInput
from waferline.quantity import Quantity, apply, relation
from waferline.quantity.printing import explain, printed
from waferline.quantity.relations.trend import student_quantile

TREND = relation("trend")
POINTS = (
    ("2018-06-01", "1.2"), ("2018-12-15", "2.9"), ("2019-05-20", "3.1"), ("2020-02-10", "11"), ("2020-05-28", "9.5"),
    ("2021-03-01", "40"), ("2021-10-11", "61"), ("2022-04-04", "170"), ("2023-03-14", "300"), ("2024-06-20", "2100"),
)  # fmt: skip


def fitted(points: tuple[tuple[str, str], ...]) -> Quantity:
    return apply(TREND, *(level(v, "FLOP", day, subject=f"model{i}") for i, (day, v) in enumerate(points)))


def test_slope_and_robust_interval_are_those_of_numpy() -> None:
    np = pytest.importorskip("numpy")
    days = np.array([level("1", period=day).period.start.toordinal() for day, _ in POINTS])  # type: ignore[union-attr]
    design = np.column_stack([np.ones(len(POINTS)), (days - days.mean()) / 365.25])
    logs = np.log([float(v) for _, v in POINTS])
    beta, *_ = np.linalg.lstsq(design, logs, rcond=None)
    residuals = logs - design @ beta
    bread = np.linalg.inv(design.T @ design)
    n = len(POINTS)
    hc1 = n / (n - 2) * bread @ (design.T * residuals**2) @ design @ bread
    reach = 1.859548 * sqrt(hc1[1, 1])  # Student's t at 95 % with 8 degrees of freedom, from a printed table

    q = fitted(POINTS)

    assert float(q.value) == pytest.approx(exp(beta[1]), rel=1e-10)
    assert float(q.interval.low) == pytest.approx(exp(beta[1] - reach), rel=1e-6)
    assert float(q.interval.high) == pytest.approx(exp(beta[1] + reach), rel=1e-6)


def test_exact_doubling_gives_two_a_year_and_its_interval_closes() -> None:
    # 1461 days are four years of 365.25.
    days = (
        "2000-01-01",
        "2004-01-01",
        "2008-01-01",
        "2012-01-01",
        "2016-01-01",
        "2020-01-01",
        "2024-01-01",
        "2028-01-01",
    )
    q = fitted(tuple((day, str(16**i)) for i, day in enumerate(days)))

    assert float(q.value) == pytest.approx(2, rel=1e-11)
    assert float(q.interval.width) < 1e-9
    assert q.unit.name == "ratio per year"
    assert str(q.period) == "2000-01-01/2028-01-01"


def test_a_scatter_widens_the_interval_and_the_words_name_it() -> None:
    q = fitted(POINTS)

    assert q.interval.low < q.value < q.interval.high
    assert "90%" in explain(q, "en")
    assert "90%" in explain(q, "zh")
    assert printed(q, "zh") == "3.4倍/年"


@pytest.mark.parametrize(
    ("points", "says"),
    [
        (POINTS[:7], "wrong number of operands: expected at least 8"),
        ((("2020-01-01", "1"), ("2021-01-01", "2")) * 5, "too few different days"),
        ((("2020-01-01", "0"), *POINTS), "not surely above zero"),
    ],
)
def test_what_cannot_be_fitted_is_refused(points: tuple[tuple[str, str], ...], says: str) -> None:
    with pytest.raises(BadInput) as error:
        fitted(points)

    assert says in str(error.value)


@pytest.mark.parametrize(
    ("degrees", "t"),
    [(1, 6.3138), (2, 2.9200), (6, 1.9432), (8, 1.8595), (10, 1.8125), (30, 1.6973), (120, 1.6577)],
)
def test_student_quantiles_are_those_of_printed_tables(degrees: int, t: float) -> None:
    assert student_quantile(0.95, degrees) == pytest.approx(t, abs=6e-5)


def test_excel_formula_reads_scattered_cells_or_one_column() -> None:
    q = fitted(POINTS[:8])
    periods = [each.period for each in q.trace.inputs]  # type: ignore[union-attr]

    cells = TREND.excel(*(f"B{i}" for i in range(2, 10)), periods=periods)
    column = TREND.excel("B2:B9", periods=periods)

    assert cells.startswith("=LOGEST(CHOOSE({1,2,3,4,5,6,7,8},B2,B3,B4,B5,B6,B7,B8,B9),{1473692,1474086,")
    assert column.startswith("=LOGEST(B2:B9,{1473692;1474086;")
    assert cells.endswith("}/2)^365.25")
    # The constants are twice the day number, so that the middle of a month of 30 days stays whole.
    assert log(float(q.value)) > 0


def test_the_room_loads_without_numpy() -> None:
    code = "import sys, waferline.quantity, waferline.quantity.printing; sys.exit('numpy' in sys.modules)"

    assert run([sys.executable, "-c", code], check=False).returncode == 0
