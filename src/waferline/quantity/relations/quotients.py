"""This module holds the relations of two levels: differences, shares, quotients, products, conversions."""

from __future__ import annotations

from typing import ClassVar

from waferline.errors import BadInput
from waferline.quantity.interval import Interval, N
from waferline.quantity.period import Period
from waferline.quantity.relations.base import (
    AMOUNT,
    POINTS,
    Direction,
    Example,
    Need,
    Periods,
    Phrase,
    Relation,
    need_same_period,
    same_measure,
)
from waferline.quantity.relations.growth import quotient_directions
from waferline.quantity.units import UNITS, Unit, base_of, convertible, currencies_of, unit

_WHOLE = Need("whole", Phrase("整体", "whole"), positive=True)


class Difference(Relation):
    """One level less another in the same unit; of two percentages in percentage points."""

    name = "difference"
    title = Phrase("差值", "difference")
    needs = (Need("one", Phrase("前项", "first")), Need("other", Phrase("后项", "second")))
    example = Example((("19.1", "%", "2024"), ("15.9", "%", "2023")), "3.2 pp")

    def value(self, *xs: N, periods: Periods = ()) -> N:
        one, other = xs
        return one - other

    def unit(self, *units: Unit, where: str = "") -> Unit:
        first = same_measure(where or self.name, *units)
        return unit("pp") if any(convertible(u, unit("%")) and u.scale != 1 for u in units) else first

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        return f"{texts[0]} − {texts[1]}"

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return f"={refs[0]}-{refs[1]}"

    def period(self, *periods: Period | None) -> Period | None:
        return periods[0]

    def directions(self, *ranges: Interval) -> tuple[int, ...] | None:
        return (1, -1)

    def direction(self, *units: Unit) -> Direction | None:
        points = units and (units[0].dims in ((), unit("pp").dims, unit("index").dims))
        return POINTS if points else AMOUNT


class Ratio(Relation):
    """How many times one level is another of the same unit."""

    name = "ratio"
    title = Phrase("倍数", "ratio")
    needs = (
        Need("top", Phrase("分子", "numerator")),
        Need("bottom", Phrase("分母", "denominator"), positive=True),
    )
    example = Example((("630.5", "USD bn", "2024"), ("335.2", "USD bn", "2015")), "1.88x")
    homogeneous: ClassVar[int | None] = 0

    def value(self, *xs: N, periods: Periods = ()) -> N:
        top, bottom = xs
        return top / bottom

    def unit(self, *units: Unit, where: str = "") -> Unit:
        same_measure(where or self.name, *units)
        return unit("x")

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        return f"{texts[0]} / {texts[1]}"

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return f"={refs[0]}/{refs[1]}"

    def directions(self, *ranges: Interval) -> tuple[int, ...] | None:
        return quotient_directions(*ranges)


class Share(Ratio):
    """A part of a whole, in per cent, both of one period and one unit."""

    name = "share"
    title = Phrase("占比", "share")
    needs = (Need("part", Phrase("部分", "part")), _WHOLE)
    example = Example((("165.5", "USD bn", "2024"), ("627.6", "USD bn", "2024")), "26.4%")

    def unit(self, *units: Unit, where: str = "") -> Unit:
        same_measure(where or self.name, *units)
        return unit("%")

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        need_same_period(where or self.name, *periods)


class Per(Ratio):
    """The quotient of unlike things: dollars per wafer, tokens per second."""

    name = "per"
    title = Phrase("单位值", "quotient")
    example = Example(
        (("26.88", "USD bn", "2024-Q4"), ("3418000", "wafers", "2024-Q4")), "USD 7,864 per wafer"
    )
    homogeneous = None

    def unit(self, *units: Unit, where: str = "") -> Unit:
        top, bottom = units
        if convertible(top, bottom):
            raise BadInput(
                where=where or self.name,
                what="both operands measure the same thing",
                expected="unlike units",
                found=f"{top} and {bottom}",
                fix="ratio or share",
            )
        exact = top / bottom
        if exact.name in UNITS:
            return exact
        # 26.88 bn USD per wafer reads as 0.00 bn: an unlisted quotient is given in whole dollars per wafer.
        top, bottom = base_of(top.dims) or top, base_of(bottom.dims) or bottom
        return top / bottom

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        need_same_period(where or self.name, *periods)


class Product(Relation):
    """One quantity times others: units times price, level times share."""

    name = "product"
    title = Phrase("乘积", "product")
    needs: ClassVar[tuple[Need, ...]] = (Need("factor", Phrase("因子", "factor"), many=True, at_least=2),)
    example = Example((("627.6", "USD bn", "2024"), ("26.4", "%", "2024")), "USD 165.7 bn")
    homogeneous = None

    def value(self, *xs: N, periods: Periods = ()) -> N:
        result = xs[0]
        for x in xs[1:]:
            result = result * x
        return result

    def unit(self, *units: Unit, where: str = "") -> Unit:
        result = units[0]
        for other in units[1:]:
            # Per cent of something is that something: the result stays in the other factor's unit.
            result = result if not other.dims else other if not result.dims else result * other
        return result

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        return " × ".join(texts)

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return "=" + "*".join(refs)

    def directions(self, *ranges: Interval) -> tuple[int, ...] | None:
        return (1,) * len(ranges) if all(r.low >= 0 for r in ranges) else None


class Converted(Product):
    """A level in another currency, by a rate that is itself evidence (CNY per USD) and covers the level's
    period."""

    name = "converted"
    title = Phrase("折算", "converted")
    needs = (Need("level", Phrase("金额", "level")), Need("rate", Phrase("汇率", "rate"), positive=True))
    example = Example((("2894.3", "TWD bn", "2024"), ("0.0312", "USD per TWD", "2024")), "USD 90.3 bn")

    def unit(self, *units: Unit, where: str = "") -> Unit:
        level, rate = units
        money, powers = currencies_of(level), dict(rate.dims)
        fits = len(money) == 1 and len(powers) == 2 == len(currencies_of(rate)) and powers.get(money[0]) == -1
        if not fits or sorted(powers.values()) != [-1, 1]:
            raise BadInput(
                where=where or self.name,
                what="the rate does not convert the level",
                expected="another currency per " + (money[0] if money else "the currency of the level"),
                found=str(rate),
            )
        return level * rate

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        level, rate = periods
        if level is not None and rate is not None and not rate.contains(level):
            raise BadInput(
                where=where or self.name,
                what="the rate is of another period",
                expected=f"a rate that covers {level}",
                found=str(rate),
            )

    def period(self, *periods: Period | None) -> Period | None:
        return periods[0]


class Rebased(Ratio):
    """A level as an index with the base at 100."""

    name = "rebased"
    title = Phrase("定基指数", "rebased to 100")
    needs = (Need("level", Phrase("水平", "level")), Need("base", Phrase("基点", "base"), positive=True))
    example = Example((("140.21", "index", "2025-03-19"), ("100.00", "index", "2024-01-02")), "140.2 points")

    def value(self, *xs: N, periods: Periods = ()) -> N:
        level, base = xs
        return level / base * 100

    def unit(self, *units: Unit, where: str = "") -> Unit:
        same_measure(where or self.name, *units)
        return unit("index")

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        return f"{texts[0]} / {texts[1]} × 100"

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return f"={refs[0]}/{refs[1]}*100"

    def period(self, *periods: Period | None) -> Period | None:
        return periods[0]
