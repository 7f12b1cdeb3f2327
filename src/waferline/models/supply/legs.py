"""This module counts accelerators three ways, a quarter: from revenue, from what packaging allows, from what buyers spend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from waferline.errors import BadInput
from waferline.models.model import Array, Values
from waferline.models.supply import timing
from waferline.models.supply.capacity import merged, stated, wafers, year_ends
from waferline.models.supply.packages import whole_on_wafer

CHIPS = 4
BUYERS = 4
_FIELD_MM2, _EDGE_MM, _SCRIBE_MM, _WAFER_MM = 858.0, 3.0, 0.1, 300.0
_ASPECT = 1.1
_BN = 1e9


@dataclass(frozen=True)
class Sold:
    """What was sold by chip: units `(…, 28, 4)` by the quarter of their shipment, prices, and how far it was reported.

    `mix` is the part of each chip in the units; `price` the mean price of those that may be sold anywhere.
    `reported` is the part of each quarter that rests on reported revenue, `(28,)`.
    """

    units: Array
    mix: Array
    price: Array
    reported: Array


def sold(x: Values) -> Sold:
    """The revenue leg: revenue · share of accelerators · share of the chip / its price, at the time of shipment.

    A price lies between its low and its high at one place for each chip, drawn once and kept over all quarters. After the
    last reported quarter revenue grows as assumed and the mix moves on; shares of later quarters are not looked at.
    """
    for name in ("chip_restricted", "chip_large", "chip_memory", "chip_dies"):
        x.refuse(len(x[name]) != CHIPS, f"{name} has {CHIPS} entries, one a chip", found=str(len(x[name])))
    middles = x["revenue_time"]
    x.refuse(len(middles) != len(x["revenue"]), "revenue and revenue_time are not of one length")
    revenue, _, last = timing.on_quarters(middles, x["revenue"])
    x.refuse(last < 0, "no reported quarter of revenue lies between 2022 and 2028")
    compute, shares = _shares(x, last)
    flow = timing.grown(revenue, last, x["revenue_growth"], x["growth_fade"]) * compute
    flow = flow * x["revenue_error"][..., None]
    prices = _prices(x)
    bought = _BN * flow[..., None] * shares / prices
    units = np.stack([timing.earlier(bought[..., n], x["lag_revenue"]) for n in range(CHIPS)], axis=-1)
    free = 1 - x["chip_restricted"]
    value = over_chips(units * prices, free)
    unrestricted = over_chips(units, free)
    x.refuse(unrestricted <= 0, "in some quarter there are no sales but of restricted chips")
    price = value / unrestricted
    reported = np.clip(timing.overlaps(middles).sum(axis=1), 0, 1)
    return Sold(units, units / units.sum(axis=-1, keepdims=True), price, reported)


def over_chips(amounts: Array, weight: Array) -> Array:
    """Σ amounts · weight over the last axis, the chips; the same bytes whatever the library behind matrix products."""
    result: Array = np.einsum("...c,c->...", amounts, weight)
    return result


def _shares(x: Values, last: int) -> tuple[Array, Array]:
    """The accelerators' part of revenue `(28,)` and each chip's part of that `(…, 28, 4)`.

    After the last known quarter the former is held, and the mix of chips goes half the way to `share_later` every `share_half` quarters.
    """
    middles = x["share_time"]
    lists = [x[f"share_{n}"] for n in range(1, CHIPS + 1)]
    x.refuse(
        any(len(each) != len(middles) for each in (*lists, x["compute_share"])),
        "the share lists and share_time are not of one length",
    )
    total = np.sum(lists, axis=0)
    over = np.flatnonzero(total > 1 + 1e-9)
    if len(over):
        raise BadInput(
            x.where, f"the shares of the chips add up to {total[over[0]]:.1%} in entry {over[0] + 1}", "at most 100 %",
        )  # fmt: skip
    # Shares are rates, not amounts: on_quarters gives the mean over the quarter. No look ahead of the last revenue.
    seen = middles < x["revenue_time"].max() + 0.01
    x.refuse(~np.any(seen), "the shares of the chips start after the last reported revenue")
    columns = [timing.on_quarters(middles[seen], each[seen]) for each in (x["compute_share"], *lists)]
    stop = min(last, columns[0][2])
    x.refuse(stop < 0, "no share of a chip lies between 2022 and 2028")
    held = [column[0][: stop + 1] for column in columns]
    held = [np.concatenate([each, np.repeat(each[-1], timing.QUARTERS - stop - 1)]) for each in held]
    shares = np.stack(held[1:], axis=-1)
    if not x.has("share_later"):
        return held[0], shares
    later = x["share_later"]
    x.refuse(len(later) != CHIPS, f"share_later has {CHIPS} entries, one a chip")
    x.refuse(
        later.sum() > 1 + 1e-9, f"the shares of share_later add up to {later.sum():.1%}", "at most 100 %"
    )
    since = np.maximum(np.arange(timing.QUARTERS) - stop, 0)
    left = 0.5 ** (since / x["share_half"][..., None])
    return held[0], left[..., None] * shares + (1 - left)[..., None] * later


def _prices(x: Values) -> Array:
    """The price of each chip in each quarter, `(…, 28, 4)`; a year beyond the list keeps the last price."""
    years = x["price_year"]
    index = np.clip(
        np.searchsorted(years, timing.FIRST + np.arange(timing.QUARTERS) // 4, side="right") - 1,
        0,
        len(years) - 1,
    )
    columns = []
    for n in range(1, CHIPS + 1):
        low, high = x[f"price_low_{n}"], x[f"price_high_{n}"]
        x.refuse(
            len(low) != len(years) or len(high) != len(years),
            f"the prices of chip {n} and price_year are not of one length",
        )
        x.refuse(low > high, f"a low price of chip {n} lies above its high")
        # Between two prices the geometric mean is the middle: prices are guessed by ratios.
        yearly = low * (high / low) ** x[f"price_world_{n}"][..., None]
        columns.append(yearly[..., index])
    return np.stack(np.broadcast_arrays(*columns), axis=-1)


@dataclass(frozen=True)
class Packaged:
    """What packaging allows, a quarter: wafers, packages as they ship, and which limit binds."""

    ends: Array
    wafers: Array
    units: Array
    unlimited: Array
    memory_limit: Array
    logic_limit: Array


def packages_per_wafer(x: Values, size: str) -> Array:
    """Whole packages on a wafer from the geometry of the interposer, or as given; refuses more than the wafer's area."""
    area = x[f"area_{size}"]
    limit = np.pi * (_WAFER_MM / 2 - _EDGE_MM) ** 2 / area
    if x.has(f"packages_{size}"):
        given = x[f"packages_{size}"]
        over = np.broadcast_arrays(given, limit)
        if np.any(over[0] > over[1]):
            raise BadInput(
                f"{x.where}, packages_{size}", "more packages than the area of a wafer allows",
                f"at most {float(np.min(limit)):.1f}", f"{float(np.max(given)):g}",
            )  # fmt: skip
        return given
    return counted(area)


def counted(area: Array) -> Array:
    """Whole rectangles of that area (mm²) on a 300 mm wafer."""
    width = np.sqrt(area * _ASPECT)
    fixed = [np.full_like(area, value) for value in (_WAFER_MM, _EDGE_MM, _SCRIBE_MM)]
    return whole_on_wafer(fixed[0], fixed[1], width, area / width, fixed[2])


def packaged(x: Values, mix: Array) -> Packaged | None:
    """The packaging leg: wafers · allocation · packages a wafer · yield, capped by memory and by logic; None without capacity.

    The mix of chips by units is that of sales: it says how many packages are large and how much memory one holds.
    """
    figures = merged(stated(x, "capacity"), stated(x, "house"))
    if not figures:
        return None
    ends = year_ends(figures, x["capacity_place"], x["capacity_start"], x["capacity_growth"])
    ends = ends * x["capacity_error"][..., None]
    made = wafers(ends) * x["utilisation"][..., None]
    booked = made * x["allocation"][..., None] * (1 + x["outside"][..., None])
    large = over_chips(mix, x["chip_large"])
    small_count, large_count = packages_per_wafer(x, "small"), packages_per_wafer(x, "large")
    # A wafer carries one size: n packages need n·(1 − large)/small + n·large/large wafers.
    each = 1 / ((1 - large) / small_count[..., None] + large / large_count[..., None])
    packages = booked * each * x["yield"][..., None]
    memory = memory_supply(x) * x["memory_share"][..., None] / over_chips(mix, x["chip_memory"])
    dies = (
        timing.later(logic_wafers(x), x["lag_wafer"])
        * x["logic_dies"][..., None]
        * x["logic_yield"][..., None]
    )
    logic = dies / over_chips(mix, x["chip_dies"])
    lag = x["lag_package"] + x["lag_shipment"]
    held = np.minimum(packages, np.minimum(memory, logic))
    return Packaged(
        ends, booked, timing.later(held, lag), timing.later(packages, lag), timing.later(memory, lag), timing.later(logic, lag)
    )  # fmt: skip


def memory_supply(x: Values) -> Array:
    """Memory for accelerators a quarter, GB: the amount of 2023 and its growth by year, on a geometric path through mid-years."""
    steps = [np.log1p(x[f"memory_growth_{year}"]) for year in (2024, 2025, 2026, 2027)]
    base = np.log(x["memory_2023"])
    shape = np.broadcast_shapes(base.shape, *(each.shape for each in steps))
    totals = [np.broadcast_to(base, shape)]
    for each in steps:
        totals.append(np.broadcast_to(totals[-1] + each, shape))
    # Before 2023 the step to 2024 is taken to have been the step before, and after 2027 the last one goes on.
    logs = np.stack(
        [totals[0] - steps[0], *totals, totals[-1] + steps[-1], totals[-1] + 2 * steps[-1]], axis=-1
    )
    at = (np.arange(timing.QUARTERS) + 0.5) / 4 - 0.5
    index = np.clip(np.floor(at).astype(int), 0, logs.shape[-1] - 2)
    part = at - index
    result: Array = np.exp(logs[..., index] * (1 - part) + logs[..., index + 1] * part) / 4
    return result


def logic_wafers(x: Values) -> Array:
    """Logic wafers started for the maker, a quarter."""
    years = timing.FIRST + (np.arange(timing.QUARTERS) + 0.5) / 4
    path = np.exp(np.log1p(x["logic_growth"])[..., None] * (years - 2024.0))
    result: Array = 3.0 * x["logic_capacity"][..., None] * x["logic_share"][..., None] * path
    return result


@dataclass(frozen=True)
class Spent:
    """What buyers spend, a quarter: capex of the four, their AI servers, everybody's, and the accelerators in them."""

    capex: Array
    servers_value: Array
    units: Array


def spent(x: Values, price: Array) -> Spent:
    """The capex leg: capex less land, buildings and power, networking, own chips, leases and other equipment is AI servers.

    The four are a part of all buyers. A server is paid `lag_capex` quarters after its accelerators shipped.
    """
    capex = np.sum(np.broadcast_arrays(*(_buyer(x, n) for n in range(1, BUYERS + 1))), axis=0)
    headline = capex * (1 + x["leases"][..., None])
    parts = {
        "land, buildings and power": x["share_buildings"],
        "networking": x["share_network"],
        "own accelerators": x["share_own"],
        "leases": x["leases"] / (1 + x["leases"]),
        "other equipment": x["share_other"],
    }
    taken = np.sum(np.broadcast_arrays(*parts.values()), axis=0)
    if np.any(taken >= 1):
        raise BadInput(
            x.where, f"the shares of capex beside AI servers add up to {float(np.max(taken)):.0%}", "less than 100 %",
            ", ".join(parts),
        )  # fmt: skip
    four = headline * (1 - taken)[..., None]
    value = four / (1 - x["outside_four"])[..., None]
    value = timing.earlier(value, x["lag_capex"])
    return Spent(capex, value, _BN * value * x["accelerator_part"][..., None] / price)


def _buyer(x: Values, n: int) -> Array:
    """Capex of one buyer on the grid: reported, then as guided for a year not yet over, then growing as assumed."""
    name = f"capex_{n}"
    x.refuse(len(x[name]) != len(x[f"{name}_time"]), f"{name} and {name}_time are not of one length")
    flow, _, last = timing.on_quarters(x[f"{name}_time"], x[name])
    x.refuse(last < 0, f"no reported quarter of {name} lies between 2022 and 2028")
    low, high = (dict(_guided(x, n, end)) for end in ("low", "high"))
    for year in sorted(low.keys() & high.keys()):
        quarters = np.arange(4) + 4 * (year - int(timing.FIRST))
        missing = quarters[(quarters > last) & (quarters < timing.QUARTERS)]
        if not len(missing) or missing[0] != last + 1:
            continue
        total = low[year] + x["guidance_place"] * (high[year] - low[year])
        rest = total - flow[..., quarters[quarters <= last]].sum(axis=-1)
        # Guidance below what is already spent says nothing about the rest.
        level = np.where(rest > 0, rest / len(missing), flow[..., last])
        flow = np.broadcast_to(flow, (*level.shape, timing.QUARTERS)).copy()
        flow[..., missing[0] :] = level[..., None]
        last = int(missing[-1])
    return timing.grown(flow, last, x["capex_growth"], x["growth_fade"])


def _guided(x: Values, n: int, end: str) -> list[tuple[int, float]]:
    name = f"guided_{end}_{n}"
    if not x.has(name) or not x.has(f"{name}_year"):
        return []
    x.refuse(len(x[name]) != len(x[f"{name}_year"]), f"{name} and {name}_year are not of one length")
    return [(int(year), float(value)) for year, value in zip(x[f"{name}_year"], x[name], strict=True)]
