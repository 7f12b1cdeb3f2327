"""How a thesis stands follows from its measures, their thresholds and what is known on the day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from mini_study import FILES, write_study

from waferline.errors import BadInput
from waferline.quantity.units import unit
from waferline.study.sourcing import Cards
from waferline.study.theses import Threshold, judge, load_theses

THESES = FILES["theses.toml"]
GROWTH_2024 = THESES.replace('latest("sia.sales_year.world")', '"2024"')  # 19.13 %
FALL_2023 = THESES.replace('latest("sia.sales_year.world")', '"2023"')  # −8.24 %


@pytest.fixture
def judged(tmp_path, known):
    def run(text, on=None):
        snapshot = on or known
        (thesis,) = load_theses(write_study(tmp_path, {"theses.toml": text}), ())
        return judge(thesis, snapshot, Cards(snapshot, "en"))

    return run


def limits(text: str, weakens: str, breaks: str, direction: str = "below") -> str:
    return (
        text.replace('weakens_below = "10 %"', f'weakens_{direction} = "{weakens}"')
        .replace('breaks_below = "0 %"', f'breaks_{direction} = "{breaks}"')
    )  # fmt: skip


@pytest.mark.parametrize(
    ("weakens", "breaks", "direction", "status"),
    [
        ("10 %", "0 %", "below", "holds"),
        ("20 %", "0 %", "below", "weakening"),
        ("30 %", "20 %", "below", "broken"),
        ("20 %", "30 %", "above", "holds"),
        ("10 %", "20 %", "above", "weakening"),
        ("0 %", "10 %", "above", "broken"),
        ("0.1 x", "0 x", "below", "holds"),
    ],
)
def test_a_growth_of_19_per_cent_against_its_thresholds(judged, weakens, breaks, direction, status):
    assert judged(limits(GROWTH_2024, weakens, breaks, direction)).status == status


def test_a_fall_breaks_a_thesis_of_growth(judged):
    result = judged(FALL_2023)

    assert result.status == "broken"
    assert [(name.en, value.en, status) for name, value, status in result.measures] == [
        ("growth of yearly sales", "−8.2% (2023)", "broken")
    ]


def test_a_value_on_the_threshold_does_not_cross_it(judged):
    level = THESES.replace("yoy(", "level(").replace('latest("sia.sales_year.world")', '"2024"')

    assert judged(limits(level, "627.6 USD bn", "600 USD bn")).status == "holds"
    assert judged(limits(level, "627.7 USD bn", "627.6 USD bn")).status == "weakening"


def test_what_is_not_known_is_unknown_and_never_holds(judged):
    result = judged(THESES.replace('latest("sia.sales_year.world")', '"2025"'))

    assert (result.status, result.measures[0][1].en, result.cards) == ("unknown", "not known", ())


def test_a_backfilled_value_is_never_seen(judged):
    text = THESES.replace("yoy(", "level(").replace("sia.sales_year.world", "wsts.billings.world")

    assert judged(limits(text, "1 USD bn", "0 USD bn")).status == "unknown"


def test_the_worst_known_measure_decides_and_an_unknown_one_does_not(judged):
    second = '[[thesis.measures]]\nname = { zh = "乙", en = "b" }\nexpr = \'yoy("sia.sales_year.world", "%s")\'\nweakens_below = "0 %%"\nbreaks_below = "-20 %%"\n'

    assert judged(GROWTH_2024 + second % "2023").status == "weakening"
    assert judged(GROWTH_2024 + second % "2025").status == "holds"


def test_the_status_changes_with_the_day(judged, mini_evidence):
    assert judged(THESES, mini_evidence.as_of(date(2025, 2, 9))).status == "broken"  # 2023 is the newest year
    assert judged(THESES, mini_evidence.as_of(date(2025, 2, 10))).status == "holds"


def test_the_rule_is_worded_from_its_thresholds(judged):
    assert judged(THESES).rule.en == "growth of yearly sales: weakens below 10%, breaks below 0%"


@pytest.mark.parametrize(("limit", "zh"), [("6 tokens/s", "6 token/秒"), ("-10 %", "−10%"), ("2 x", "2倍")])
def test_a_threshold_keeps_its_unit_apart_where_that_is_latin(limit, zh):
    number, _, name = limit.partition(" ")
    assert Threshold(Fraction(number), unit(name), limit).words("zh") == zh


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('id = "cycle"', 'id = "The Cycle"', "an id of its own"),
        ('id = "cycle"', "", "an id of its own"),
        ('weakens_below = "10 %"', "", "says when it weakens"),
        ('weakens_below = "10 %"', 'weakens_below = "10 %"\nweakens_above = "20 %"', "says when it weakens"),
        ('breaks_below = "0 %"', "", "says when it breaks"),
        ('breaks_below = "0 %"', 'breaks_above = "0 %"', "says when it breaks"),
        ('"10 %"', '"ten %"', "not a threshold"),
        ('"10 %"', '"1/0 %"', "not a threshold"),
        ('"10 %"', '"nan %"', "not a threshold"),
        ('"10 %"', '"10 furlong"', "unknown unit"),
        ('breaks_below = "0 %"', 'breaks_below = "0 USD bn"', "two units"),
        ('breaks_below = "0 %"', 'breaks_below = "20 %"', "breaks before it weakens"),
        ('title = { zh = "行业处于上行期"', 'title = { zh = "增长19.1%"', "typed by hand"),
        (', en = "growth of yearly sales"', "", "name has both languages"),
        (', en = "growth of yearly sales"', ", en = 3", "name has both languages"),
        ("expr = ", "expression = ", "a measure has an expression"),
        ("expr = 'yoy(\"sia.sales_year.world\", latest(\"sia.sales_year.world\"))'", "expr = ''", "a measure has an expression"),
        ("[[thesis.measures]]", "[thesis.measures]", "measures is a list of tables"),
        ('exhibits = ["fig01"]', 'exhibits = "fig01"', "exhibits is a list"),
        ('exhibits = ["fig01"]', 'rated = "no"', "rated is true or false"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_in_theses_toml(tmp_path, old, new, what):
    assert old in THESES
    with pytest.raises(BadInput) as caught:
        load_theses(write_study(tmp_path, {"theses.toml": THESES.replace(old, new, 1)}), ())
    assert str(caught.value).startswith("theses.toml")
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_measure_in_another_unit_than_its_threshold_is_refused_at_its_line(judged):
    with pytest.raises(BadInput, match=r"^theses\.toml:8: "):
        judged(limits(GROWTH_2024, "10 USD bn", "0 USD bn"))


def test_two_theses_may_not_share_an_id(tmp_path):
    with pytest.raises(BadInput, match="an id of its own"):
        load_theses(write_study(tmp_path, {"theses.toml": THESES + THESES}), ())
