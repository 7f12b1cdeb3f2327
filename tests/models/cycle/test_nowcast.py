"""The nowcast: means of three stay means of three, nothing of later days is seen, and bad lists are refused."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from waferline.build.models import knowing
from waferline.errors import BadInput, NotKnown
from waferline.evidence.snapshot import Snapshot
from waferline.models.cycle.fitting import PRIOR, from_free, to_free
from waferline.models.cycle.nowcast import NOWCAST, figures_of, month_of
from waferline.models.cycle.sales_state import NAMES, Figure, Fixed, history, mean_of_three
from waferline.models.model import Values
from waferline.models.running import run

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
FIXED = Fixed(0.05, 0.06)
GIVEN = {"parameters": [getattr(PRIOR, name) for name in NAMES]}
FIRST = 2018 * 12


def years(months):
    return [(month + 0.5) / 12 for month in months]


def made(count=48, growth=0.01):
    """Single months that grow by `growth` with a third month of each quarter above the others, and their means of three."""
    months = np.arange(FIRST - 2, FIRST + count)
    alone = 40 * np.exp(growth * np.arange(count + 2)) * np.where(months % 3 == 2, 1.15, 0.93)
    prints = np.convolve(alone, np.ones(3) / 3, "valid")
    return months[2:], alone[2:], prints


def settings(upto=None, **more):
    months, _, prints = made()
    return {"prints": prints[:upto].tolist(), "print_years": years(months[:upto])} | GIVEN | more


def test_a_print_is_the_mean_of_the_three_months_and_not_of_their_logarithms():
    months, alone, prints = made()
    figures = [
        Figure(int(m), "month", float(np.log(v))) for m, v in zip(months[:30], alone[:30], strict=True)
    ]
    found = history(figures, PRIOR, FIXED, FIRST + 29)
    middle, _ = mean_of_three(found.state(FIRST + 29)[0][:3])
    assert np.exp(middle) == pytest.approx(prints[29], rel=0.003)


def test_the_slope_of_the_mean_of_three_is_its_derivative():
    logs = np.log(np.array([52.0, 39.0, 44.0]))
    value, slope = mean_of_three(logs)
    assert value == pytest.approx(np.log(45.0))
    for place in range(3):
        nudged = logs.copy()
        nudged[place] += 1e-6
        assert (mean_of_three(nudged)[0] - value) / 1e-6 == pytest.approx(slope[place], abs=1e-5)


def test_a_steady_series_is_carried_on():
    _, _, prints = made()
    found = run(NOWCAST, None, settings(upto=-2))
    assert found.value("next_print") == pytest.approx(prints[-2], rel=0.01)
    assert found.value("second_print") == pytest.approx(prints[-1], rel=0.015)
    assert found.value("next_print_low") < prints[-2] < found.value("next_print_high")


def test_coarser_rounding_is_known_less_well():
    _, _, prints = made()
    exact = run(NOWCAST, None, settings())
    coarse = run(NOWCAST, None, settings(print_widths=[2.5] * len(prints)))
    width = [float(each.point["path_width"][0]) for each in (exact, coarse)]
    assert width[1] > 1.2 * width[0]


def test_a_print_counts_with_a_third_of_the_square_of_its_half_width():
    values = Values(
        {
            "prints": np.array([50.0]),
            "print_years": np.array([2024.04]),
            "print_widths": np.array([0.05]),
        },
        where="test",
    )
    (figure,) = figures_of(values)
    assert (figure.month, figure.kind) == (2024 * 12, "print")
    assert figure.variance == pytest.approx((0.1 / 50) ** 2 / 12)


def test_a_quarter_fills_a_missing_print_and_yields_to_one_that_is_there():
    months, _, prints = made()
    quarters = {"quarters": [3 * prints[2], 3 * prints[5]], "quarter_years": years(months[[1, 4]])}
    kept = [place for place in range(len(months)) if place != 5]
    given = {"prints": prints[kept], "print_years": np.array(years(months[kept]))}
    values = Values(given | {k: np.array(v) for k, v in quarters.items()}, where="test")
    found = [each for each in figures_of(values) if each.kind == "print"]
    assert [each.month for each in found] == months.tolist()
    assert found[5].value == pytest.approx(np.log(prints[5]))


def test_single_months_narrow_the_next_month():
    months, alone, _ = made()
    without = run(NOWCAST, None, settings())
    within = run(NOWCAST, None, settings(months=alone.tolist(), months_years=years(months)))
    width = [
        np.log(each.value("next_month_high") / each.value("next_month_low")) for each in (without, within)
    ]
    assert width[1] < width[0]
    assert any("no single months" in each.en for each in without.remarks)
    assert not any("no single months" in each.en for each in within.remarks)


def test_foundry_growth_of_the_coming_month_moves_the_nowcast_its_way():
    months, _, _ = made()
    longer = [*range(int(months[0]) - 12, int(months[-1]) + 2)]
    level = [100.0] * len(longer)
    high = [*level[:-1], 140.0]
    plain, risen = (
        run(NOWCAST, None, settings(foundry=each, foundry_years=years(longer))) for each in (level, high)
    )
    assert risen.value("next_print") > plain.value("next_print")


def test_draws_agree_with_the_stated_interval_and_repeat():
    found, again = (run(NOWCAST, None, settings(), draws=20000, seed=3) for _ in range(2))
    low, high = found.interval("next_print")
    assert low == pytest.approx(found.value("next_print_low"), rel=0.002)
    assert high == pytest.approx(found.value("next_print_high"), rel=0.002)
    assert found.draws["next_print"].tobytes() == again.draws["next_print"].tobytes()


def test_the_year_is_the_sum_of_its_months():
    months, alone, _ = made()
    given = settings(months=alone.tolist(), months_years=years(months), year=2020)
    found = run(NOWCAST, None, given)
    within = alone[(months >= 2020 * 12) & (months < 2021 * 12)]
    assert found.value("year_total") == pytest.approx(within.sum(), rel=0.01)
    assert found.value("year_growth") == pytest.approx(np.expm1(0.12), abs=0.01)


def test_parameters_and_their_free_form_are_inverse():
    free = np.linspace(-2, 2, len(NAMES))
    assert to_free(from_free(free)) == pytest.approx(free)
    assert to_free(PRIOR) == pytest.approx(np.zeros(len(NAMES)))


def test_months_are_read_from_the_middle_of_a_period():
    middles = [(2024 * 12 + n + 0.5) / 12 for n in range(12)]
    assert month_of(np.array(middles)) == list(range(2024 * 12, 2025 * 12))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"print_years": [2020.04] * 48}, "two of prints are about one month"),
        ({"print_years": [2020.04]}, "not of one length"),
        ({"foundry": [1.0]}, "foundry and foundry_years come together"),
        ({"exports": [-1.0], "exports_years": [2019.5]}, "falls by the whole"),
        ({"months": [0.0], "months_years": [2019.5]}, "not above zero"),
        ({"year": 2040}, "the year is not within reach"),
    ],
)
def test_lists_that_contradict_each_other_are_refused(wrong, said):
    with pytest.raises(BadInput, match=said):
        run(NOWCAST, None, settings() | wrong)


def test_few_prints_are_refused():
    with pytest.raises(BadInput, match="at least 12"):
        run(NOWCAST, None, settings(upto=8))


def test_a_row_known_only_after_the_day_changes_nothing():
    day = date(2023, 6, 30)
    known = knowing(STUDY, day)()
    changed = []

    def spoilt(series):
        rows = known._all_rows(series)
        changed.extend(row for row in rows if row.known_from > day)
        return tuple(replace(row, literal="999") if row.known_from > day else row for row in rows)

    other = Snapshot(day, series=known.series, sources=known.sources, rows=spoilt, study=known.study)
    whole, without = (run(NOWCAST, STUDY, {}, known=lambda each=each: each) for each in (known, other))
    assert len(changed) > 100
    assert whole.point.keys() == without.point.keys()
    for name, value in whole.point.items():
        assert value.tobytes() == without.point[name].tobytes(), name


def test_a_later_edition_of_single_months_is_not_known_before_its_day():
    early, late = (
        run(NOWCAST, STUDY, GIVEN, known=knowing(STUDY, day))
        for day in (date(2026, 11, 22), date(2026, 11, 23))
    )
    assert "months" not in early.assumptions
    assert len(late.assumptions["months"].value) == 185


def test_the_day_before_a_print_does_not_know_it():
    # SIA published June 2023 on 4 August 2023: 41.5.
    before, after = (run(NOWCAST, STUDY, GIVEN, known=knowing(STUDY, date(2023, 8, day))) for day in (3, 4))
    assert before.value("next_time") == pytest.approx((2023 * 12 + 5.5) / 12)
    assert after.value("next_time") == pytest.approx((2023 * 12 + 6.5) / 12)
    assert after.point["filled"][-1] == pytest.approx(41.5, rel=0.01)
    assert before.value("next_print") != pytest.approx(41.5, rel=0.001)


def test_a_day_with_too_few_prints_is_a_gap_and_no_mistake():
    with pytest.raises(NotKnown, match="too few levels"):
        run(NOWCAST, STUDY, {}, known=knowing(STUDY, date(2020, 1, 1)))
