"""Evaluating: a question the vocabulary knows, or one clear line about what does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from waferline.errors import BadInput, NotKnown
from waferline.quantity.period import Period
from waferline.study.evaluation import (
    evaluate,
    evaluate_condition,
    evaluate_for_text,
    evaluate_quantity,
)
from waferline.study.values import Scope
from waferline.study.vocabulary import VOCABULARY

SALES = '"sia.sales_year.world"'


def refusal(text, scope, run=evaluate):
    with pytest.raises(BadInput) as caught:
        run(text, scope)
    assert str(caught.value).startswith("chapter.md:7: ")
    assert "\n" not in str(caught.value)
    return str(caught.value)


# ---- what comes out


def test_a_growth_is_exact_and_keeps_its_two_leaves(scope):
    growth = evaluate_quantity(f'yoy({SALES}, "2024")', scope)

    assert growth.value == 100 * (Fraction(6276, 5268) - 1)  # in %
    assert [leaf.literal for leaf in growth.leaves()] == ["627.6", "526.8"]


def test_the_revision_is_read_from_its_day_on(mini_evidence):
    def sales(day):
        return evaluate_quantity(f'level({SALES}, "2024")', Scope(mini_evidence.as_of(day), "t")).value

    assert (sales(date(2026, 2, 5)), sales(date(2026, 2, 6))) == (Fraction("627.6"), Fraction("630.5"))


def test_a_first_print_is_read_only_by_asking(scope):
    assert evaluate_quantity(f'level({SALES}, "2022")', scope).value == Fraction("574.1")
    assert evaluate_quantity(f'first_print({SALES}, "2022")', scope).value == Fraction("573.5")
    assert evaluate_quantity(f'level({SALES}, "2022", vintage="first")', scope).value == Fraction("573.5")


def test_a_string_becomes_a_period_where_only_a_period_fits(scope):
    assert evaluate('shift("2024-Q1", -1)', scope) == Period.parse("2023-Q4")


def test_a_printed_number_still_counts_as_a_quantity(scope):
    said = evaluate_for_text(f'yoy({SALES}, "2023") | said', scope)

    assert (said.text.zh, said.text.en) == ("下降8.2%", "fell 8.2%")
    assert evaluate_quantity(f'yoy({SALES}, "2023") | places(2)', scope).value == 100 * (
        Fraction(5268, 5741) - 1
    )


def test_places_units_and_size_print_the_same_value(scope):
    assert evaluate(f'level({SALES}, "2024") | as_unit("USD mn", 0)', scope).text.en == "USD 627,600 mn"
    assert evaluate(f'yoy({SALES}, "2024") | places(2, sign=1)', scope).text.zh == "+19.13%"
    assert evaluate(f'yoy({SALES}, "2023") | size(1)', scope).text.zh == "8.2%"


def test_a_month_without_a_row_is_not_known(scope):
    with pytest.raises(NotKnown, match=r"^chapter\.md:7: .*2024-11: not known on 2025-03-20"):
        evaluate('level("tsmc.revenue.monthly", "2024-11")', scope)


def test_a_sum_over_a_gap_is_not_known_rather_than_short(scope):
    with pytest.raises(NotKnown):
        evaluate('calendarised("tsmc.revenue.monthly", "2024-Q4")', scope)


def test_a_calendarised_quarter_is_the_sum_of_its_months(scope):
    quarter = evaluate_quantity('calendarised("tsmc.revenue.monthly", "2023-Q4")', scope)

    assert quarter.value == Fraction("625528.856")  # 243202.811 + 206026.179 + 176299.866


def test_backfill_is_for_exhibits_alone_and_marked(scope):
    asked = 'level("wsts.billings.world", "2024-12")'

    with pytest.raises(NotKnown):
        evaluate(asked, scope)
    (leaf,) = evaluate_quantity(asked, replace(scope, backfill=True)).leaves()
    assert (leaf.backfilled, leaf.known_from) == (True, date(2026, 11, 23))


def test_a_return_between_two_closes(scope):
    fall = evaluate_quantity('change("index.sw_semiconductor.close", "2023-12-29", "2024-01-31")', scope)

    assert fall.value == 100 * (Fraction("2882.43") / Fraction("3824.51") - 1)


def test_the_deepest_fall_goes_from_a_high_to_a_later_low(scope):
    fall = evaluate_quantity('drawdown("index.sw_semiconductor.close", "2023-12-29", "2024-12-31")', scope)

    assert [leaf.literal for leaf in fall.leaves()] == ["2882.43", "3824.51"]


def test_back_goes_to_the_last_day_of_a_shorter_month(scope):
    assert str(evaluate('back("2024-03-31", months=1)', scope)) == "2024-02-29"
    assert str(evaluate('back("2025-03-20", months=12)', scope)) == "2024-03-20"
    assert str(evaluate('back("2025-03-20", weeks=1)', scope)) == "2025-03-13"


# ---- known and either


def test_known_says_whether_the_evidence_answers(scope):
    assert evaluate(f'known(level({SALES}, "2024"))', scope) is True
    assert evaluate(f'known(level({SALES}, "2025"))', scope) is False


def test_either_takes_the_first_that_is_known(scope):
    value = evaluate_quantity(f'either(level({SALES}, "2025"), level({SALES}, "2024"))', scope)

    assert value.value == Fraction("627.6")


def test_either_of_nothing_known_is_not_known(scope):
    with pytest.raises(NotKnown):
        evaluate(f'either(level({SALES}, "2025"), level({SALES}, "2026"))', scope)


def test_known_does_not_hide_a_mistake(scope):
    assert "unknown series" in refusal('known(level("sia.sales_yaer.world", "2024"))', scope)
    assert "takes expressions only" in refusal("known()", scope)
    assert "takes expressions only" in refusal("known(asof(), asof())", scope)


# ---- what does not fit


def test_an_unknown_function_names_its_near_misses(scope):
    assert "yoy" in refusal(f'yyo({SALES}, "2024")', scope)


def test_an_unknown_series_names_its_near_misses(scope):
    assert "sia.sales_year.world" in refusal('level("sia.sales_yaer.world", "2024")', scope)


@pytest.mark.parametrize("text", ["eval('1')", "__import__('os')", "open('/etc/passwd')", "getattr(asof(), 'start')",
                                  "exec('x')", "globals()", "type(asof())", "vars()"])  # fmt: skip
def test_functions_of_python_are_unknown(text, scope):
    assert "unknown function" in refusal(text, scope)


@pytest.mark.parametrize("name", ["__builtins__", "scope", "self", "known", "p", "VOCABULARY"])
def test_names_of_python_are_unknown(name, scope):
    assert "unknown name" in refusal(name, scope)


@pytest.mark.parametrize(
    "text",
    [
        'level("sia.sales_year.world")', 'level()', 'level("sia.sales_year.world", "2024", "2023")',
        'level("sia.sales_year.world", "2024", house="x")', 'level("sia.sales_year.world", 2024)',
        'level(2024, "sia.sales_year.world")', 'level(["sia.sales_year.world"], "2024")',
        'level("sia.sales_year.world", "20x4")', 'level("sia.sales_year.world", "2024-13")', "yoy(asof(), asof())",
        'yoy("sia.sales_year.world", level("sia.sales_year.world", "2024"))', 'growth("a", "b")',
        'total("sia.sales_year.world")', 'total(["sia.sales_year.world"])', "share(asof(), asof())", "difference()",
        "difference(1, 2)", 'cagr("2024", "2023")', 'latest("sia.sales_year.world", 3)', "asof(1)", "since(1)",
        'places(level("sia.sales_year.world", "2024"), "two")', 'level("sia.sales_year.world", "2024") | as_unit("furlong")',
        'level("sia.sales_year.world", "2024") | as_unit("%")', 'level("sia.sales_year.world", "2024") | said',
        'level("sia.sales_year.world", "2024", vintage="newest")', 'shift("2024", "one")',
        'best_day("index.sw_semiconductor.close", "2024-01-02", "2024-01-31", which="best")',
        'periods("2024", "2024-12")', 'periods("1000-01-01", "2024-12-31")', 'operand(level("sia.sales_year.world", "2024"), 0)',
        'difference(level("sia.sales_year.world", "2024"), level("tsmc.revenue.monthly", "2024-12"))',
        'yoy(level("sia.sales_year.world", "2024"), level("sia.sales_year.world", "2022"))',
    ],
)  # fmt: skip
def test_a_question_that_does_not_fit_is_one_line(text, scope):
    refusal(text, scope)


@pytest.mark.parametrize("count", ["-1", "40", "1000000000"])
def test_an_absurd_count_of_places_is_refused(count, scope):
    refusal(f'yoy({SALES}, "2024") | places({count})', scope)


@pytest.mark.parametrize("text", ['shift("2024", 99999999)', 'back("2024-03-31", months=99999999)',
                                  'back("2024-03-31", weeks=99999999)', 'shift("2024-01-01", -99999999)',
                                  'moving_average("tsmc.revenue.monthly", "2024-12", 99999999)',
                                  'moving_average("tsmc.revenue.monthly", "2024-12", 0)'])  # fmt: skip
def test_an_absurd_shift_is_refused_at_once(text, scope):
    refusal(text, scope)


# ---- sentences and conditions


@pytest.mark.parametrize("text", ["19", '"19.1%"', "[asof()]", 'since("2024-01-01")'])
def test_a_literal_is_refused_in_a_sentence(text, scope):
    assert "a literal is not evidence" in refusal(text, scope, evaluate_for_text)


def test_a_condition_must_be_true_or_false(scope):
    assert evaluate_condition('since("2025-03-20")', scope) is True
    assert evaluate_condition('since("2025-03-21")', scope) is False
    assert evaluate_condition('before("2025-03-21")', scope) is True
    assert "neither true nor false" in refusal("asof()", scope, evaluate_condition)


def test_a_condition_about_what_is_not_known_does_not_hold(scope):
    assert evaluate_condition(f'positive(yoy({SALES}, "2025"))', scope) is False
    assert evaluate_condition(f'negate(known(level({SALES}, "2025")))', scope) is True


def test_conditions_combine_and_compare_whatever_the_rounding(scope):
    assert evaluate_condition(
        f'every([positive(yoy({SALES}, "2024")), negative(yoy({SALES}, "2023"))])', scope
    )
    assert evaluate_condition(f'some([negative(yoy({SALES}, "2024")), later("2024", "2023")])', scope)
    assert evaluate_condition(f'greater(level({SALES}, "2024"), level({SALES}, "2023"))', scope)
    assert not evaluate_condition(f'greater(level({SALES}, "2023"), level({SALES}, "2023"))', scope)


def test_a_list_of_conditions_holds_only_conditions(scope):
    refusal("every([asof()])", scope, evaluate_condition)
    refusal('every(["false"])', scope, evaluate_condition)


def test_theses_are_asked_by_id(scope):
    judged = replace(scope, theses=(("cycle", "holds"),))

    assert evaluate_condition('holds("cycle")', judged) is True
    assert evaluate_condition('broken("cycle")', judged) is False
    assert "unknown thesis" in refusal('holds("cycles")', judged, evaluate_condition)


@pytest.mark.parametrize("name", sorted(VOCABULARY))
def test_every_word_of_the_vocabulary_answers_nonsense_with_one_line_or_a_value(name, scope):
    for arguments in (
        "",
        '"x"',
        "1",
        '"x", "y", "z", "w", "v", "u"',
        "[]",
        '[], "2024"',
        "asof()",
        "nothing=1",
    ):
        said = complaint(f"{name}({arguments})", scope)
        assert said == "" or said.startswith("chapter.md:7: ")
        assert "\n" not in said


def complaint(text, scope):
    try:
        evaluate(text, scope)
    except BadInput as error:
        return str(error)
    return ""


def test_a_range_prints_both_ends_and_one_number_where_they_are_equal(scope):
    low, high = f'first_print({SALES}, "2022")', f'level({SALES}, "2022")'

    both, point = evaluate(f"range_of({low}, {high})", scope), evaluate(f"range_of({low}, {low})", scope)

    assert (both.text.zh, both.text.en) == ("5735–5741亿美元", "USD 573.5–574.1 bn")
    assert (point.text.zh, point.text.en) == ("5735亿美元", "USD 573.5 bn")
    assert "ends below its start" in refusal(f"range_of({high}, {low})", scope)


def test_a_series_is_behind_when_its_next_period_should_be_known_long_since(mini_evidence):
    def behind(day):
        return evaluate_condition(
            f"behind({SALES})", Scope(mini_evidence.as_of(date.fromisoformat(day)), "t")
        )

    # 2025 is known in 2026; 2026 is due 41 days after its end, and long since 30 days later: 2027-03-12.
    assert [behind("2026-02-06"), behind("2027-03-12"), behind("2027-03-13")] == [False, False, True]


def test_a_series_without_a_rhythm_is_never_behind(mini_evidence):
    known = mini_evidence.as_of(date(2030, 1, 1))

    assert not evaluate_condition('behind("wsts.billings.world")', Scope(known, "t"))  # two months alone
