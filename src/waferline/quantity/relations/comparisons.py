"""This module holds growth of more than two levels: against a benchmark, of a part, at one exchange rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from waferline.errors import BadInput
from waferline.quantity.interval import Interval, N
from waferline.quantity.period import Period
from waferline.quantity.relations.base import (
    ADDS,
    BEATS,
    GROWS,
    Direction,
    Example,
    Need,
    Periods,
    Phrase,
    Relation,
    need_same_period,
    same_measure,
    stretch,
)
from waferline.quantity.units import Unit, currencies_of, unit

if TYPE_CHECKING:
    pass

from waferline.quantity.relations.growth import NEW, OLD, quotient_directions


class RelativeReturn(Relation):
    """Return of one thing less the return of another over the same two days, in percentage points."""

    name = "relative_return"
    title = Phrase("相对收益", "relative return")
    needs = (
        Need("new", Phrase("期末", "last level")),
        OLD,
        Need("benchmark_new", Phrase("基准期末", "benchmark's last level")),
        Need("benchmark_old", Phrase("基准期初", "benchmark's base"), positive=True),
    )
    example = Example(
        (
            ("140.21", "index", "2025-03-19"),
            ("100.00", "index", "2024-01-02"),
            ("118.42", "index", "2025-03-19"),
            ("100.00", "index", "2024-01-02"),
        ),
        "21.8 pp",
    )
    homogeneous = 0

    def value(self, *xs: N, periods: Periods = ()) -> N:
        new, old, benchmark_new, benchmark_old = xs
        return new / old - benchmark_new / benchmark_old

    def unit(self, *units: Unit, where: str = "") -> Unit:
        same_measure(where or self.name, *units[:2])
        same_measure(where or self.name, *units[2:])
        return unit("pp")

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        new, old, benchmark_new, benchmark_old = texts
        return f"({new} / {old} − 1) − ({benchmark_new} / {benchmark_old} − 1)"

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return "=({}/{}-1)-({}/{}-1)".format(*refs)

    def period(self, *periods: Period | None) -> Period | None:
        return stretch(*periods)

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        need_same_period(where or self.name, periods[0], periods[2])
        need_same_period(where or self.name, periods[1], periods[3])

    def directions(self, *ranges: Interval) -> tuple[int, ...] | None:
        own, benchmark = quotient_directions(*ranges[:2]), quotient_directions(*ranges[2:])
        return None if own is None or benchmark is None else (*own, *(-d for d in benchmark))

    def direction(self, *units: Unit) -> Direction | None:
        return BEATS


class Contribution(Relation):
    """How many points of a whole's growth came from one part: (part − part a period ago) / whole a period
    ago."""

    name = "contribution"
    title = Phrase("拉动", "contribution to growth")
    needs = (
        Need("part", Phrase("部分本期", "part")),
        Need("part_old", Phrase("部分基期", "part's base")),
        Need("whole_old", Phrase("整体基期", "whole's base"), positive=True),
    )
    example = Example(
        (("165.5", "USD bn", "2024"), ("92.3", "USD bn", "2023"), ("526.8", "USD bn", "2023")), "13.9 pp"
    )
    homogeneous = 0

    def value(self, *xs: N, periods: Periods = ()) -> N:
        part, part_old, whole_old = xs
        return (part - part_old) / whole_old

    def unit(self, *units: Unit, where: str = "") -> Unit:
        same_measure(where or self.name, *units)
        return unit("pp")

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        return "({} − {}) / {}".format(*texts)

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return "=({}-{})/{}".format(*refs)

    def period(self, *periods: Period | None) -> Period | None:
        return periods[0]

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        need_same_period(where or self.name, periods[1], periods[2])
        new, old = periods[0], periods[1]
        if new is not None and old is not None and new.end <= old.end:
            raise BadInput(
                where=where or self.name,
                what="the part is not later than its base",
                expected=f"after {old}",
                found=str(new),
            )

    def direction(self, *units: Unit) -> Direction | None:
        return ADDS


class ConstantCurrencyGrowth(Relation):
    """Growth with the exchange rate held at its old value: new / rate × old rate / old − 1.

    Levels are in the reporting currency, rates in reporting currency per local currency.
    """

    name = "constant_currency_growth"
    title = Phrase("固定汇率增速", "constant-currency growth")
    needs = (
        NEW,
        OLD,
        Need("rate", Phrase("本期汇率", "rate"), positive=True),
        Need("rate_old", Phrase("基期汇率", "old rate"), positive=True),
    )
    example = Example(
        (
            ("90.0", "USD bn", "2024"),
            ("69.3", "USD bn", "2023"),
            ("0.0312", "USD per TWD", "2024"),
            ("0.0321", "USD per TWD", "2023"),
        ),
        "34%",
    )
    homogeneous = None

    def value(self, *xs: N, periods: Periods = ()) -> N:
        new, old, rate, rate_old = xs
        return new / rate * rate_old / old - 1

    def unit(self, *units: Unit, where: str = "") -> Unit:
        same_measure(where or self.name, *units[:2])
        same_measure(where or self.name, *units[2:])
        reporting = currencies_of(units[0])
        if (
            len(reporting) != 1
            or dict(units[2].dims).get(reporting[0]) != 1
            or len(currencies_of(units[2])) != 2
        ):
            raise BadInput(
                where=where or self.name,
                what="the rate does not belong to the level",
                expected=f"{reporting[0] if reporting else 'a currency'} per another currency",
                found=str(units[2]),
            )
        return unit("%")

    def words(self, lang: str, *texts: str, periods: Periods = ()) -> str:
        return "{0} / {2} × {3} / {1} − 1".format(*texts)

    def excel(self, *refs: str, periods: Periods = ()) -> str:
        return "={0}/{2}*{3}/{1}-1".format(*refs)

    def period(self, *periods: Period | None) -> Period | None:
        return periods[0]

    def check_periods(self, *periods: Period | None, where: str = "") -> None:
        need_same_period(where or self.name, periods[0], periods[2])
        need_same_period(where or self.name, periods[1], periods[3])

    def directions(self, *ranges: Interval) -> tuple[int, ...] | None:
        pair = quotient_directions(*ranges[:2])
        return (
            None
            if pair is None
            else (*pair, -pair[0] if ranges[0].low >= 0 else 1, 1 if ranges[0].low >= 0 else -1)
        )

    def direction(self, *units: Unit) -> Direction | None:
        return GROWS
