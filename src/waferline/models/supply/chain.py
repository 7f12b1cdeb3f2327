"""This module holds the chain from spending and capacity to accelerators, equipment and the home share, quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Model, Values
from waferline.models.supply import timing
from waferline.models.supply.chain_inputs import INPUTS
from waferline.models.supply.chain_outputs import OUTPUTS
from waferline.models.supply.downstream import at_home, home_pool, tools_and_materials
from waferline.models.supply.legs import memory_supply, over_chips, packaged, sold, spent
from waferline.models.supply.reconcile import disagreement, reconciled, weights
from waferline.quantity.relations.base import Phrase

_WHOLE = 0.999
_LISTED = (
    "year_end_capacity", "capacity_implied", "equipment_demand", "materials_demand", "local_units", "local_wafers",
    "local_equipment", "local_equipment_domestic",
)  # fmt: skip
_FAR = 1.5  # legs further apart than this are not said to agree


def _compute(x: Values) -> Mapping[str, Array]:
    sales = sold(x)
    restricted_share = over_chips(sales.mix, x["chip_restricted"])
    by_chip = timing.by_year(np.moveaxis(sales.units, -1, 0))
    restricted = timing.by_year(over_chips(sales.units, x["chip_restricted"]))
    free = over_chips(sales.units, 1 - x["chip_restricted"])
    spending = spent(x, sales.price)
    packaging = packaged(x, sales.mix)
    quarterly = {"revenue": free, "capex": spending.units}
    if packaging is not None:
        quarterly["packaging"] = packaging.units * (1 - restricted_share)
    legs = {name: timing.by_year(flow) for name, flow in quarterly.items()}
    ordered = tuple(legs.values())
    reported = timing.by_year(sales.reported) / 4
    weight = weights(ordered, tuple(_usual(x, name, reported) for name in legs), x.draws)
    units = reconciled(ordered, weight)
    apart = disagreement(ordered)
    found: dict[str, Array] = {
        "calendar_years": timing.YEARS,
        "disagreement_by_year": apart,
        "units_by_year": units,
        "capex_over_revenue_by_year": legs["capex"] / legs["revenue"],
        "restricted_by_year": restricted,
        "capex_by_year": timing.by_year(spending.capex),
        "servers_value_by_year": timing.by_year(spending.servers_value),
        "servers_by_year": (units + restricted) / x["per_server"][..., None],
        "memory_on_chips_by_year": timing.by_year(
            timing.earlier(over_chips(sales.units, x["chip_memory"]), x["lag_package"] + x["lag_shipment"])
        ),
        "memory_supply_by_year": timing.by_year(memory_supply(x)),
        "reported_by_year": reported,
        "price_by_year": _mean(sales.price, free),
    }
    for n in range(by_chip.shape[0]):
        found[f"chip_{n + 1}_by_year"] = by_chip[n]
    for name, leg in legs.items():
        found[f"{name}_leg_by_year"] = leg
        found[f"{name}_leg_quarterly"] = quarterly[name][..., timing.SHOWN]
    for name, part in zip(legs, weight, strict=True):
        found[f"{name}_weight_by_year"] = part
    if packaging is not None:
        found["packaging_over_revenue_by_year"] = legs["packaging"] / legs["revenue"]
        found["wafers_by_year"] = timing.by_year(packaging.wafers)
        found["year_end_capacity"] = packaging.ends[..., 2:7]
        unlimited = timing.by_year(packaging.unlimited * (1 - restricted_share))
        found["limited_by_year"] = legs["packaging"] / unlimited
        # Only years whose revenue is reported in full say anything about capacity.
        whole = int(np.cumprod(reported > _WHOLE).sum())
        if whole:
            implied = packaging.ends[..., 2:7] * (legs["revenue"] / unlimited)
            found["capacity_implied"] = implied[..., :whole]
        found |= tools_and_materials(x, packaging)
    found |= at_home(x, restricted)
    return {**found, **_of_year(x, found), **home_pool(x)}


def _usual(x: Values, leg: str, reported: Array) -> Array:
    """The spread of a leg's logarithm by year where nothing is drawn: more where money is assumed and not reported."""
    assumed = x.one("spread_assumed") * (1 - reported) if leg != "packaging" else 0 * reported
    result: Array = np.sqrt(x.one(f"spread_{leg}") ** 2 + assumed**2)
    return result


def _mean(price: Array, units: Array) -> Array:
    return timing.by_year(price * units) / timing.by_year(units)


def _of_year(x: Values, found: Mapping[str, Array]) -> Mapping[str, Array]:
    """The year asked for of every list over years, as a number of its own, and growth to it where the year before is there."""
    index = int(x.one("year")) - int(timing.YEARS[0])
    single = {
        name.removesuffix("_by_year"): value[..., index]
        for name, value in found.items()
        if name.endswith("_by_year")
    }
    single |= {f"{name}_then": found[name][..., index] for name in _LISTED if name in found and found[name].shape[-1] > index}  # fmt: skip
    if index > 0:
        for name, growth in (
            ("units", "units_growth"),
            ("servers", "servers_growth"),
            ("capex", "capex_growth_of_four"),
        ):
            values = found[f"{name}_by_year"]
            single[growth] = values[..., index] / values[..., index - 1] - 1
    return single


def _remarks(x: Values, outputs: Mapping[str, Array]) -> tuple[Phrase, ...]:
    told = [Phrase("情景，未对账：设备、材料与本土份额未与公司收入核对", "scenario, unreconciled: equipment, materials and home shares are not checked against companies' revenue")]  # fmt: skip
    if "packaging_leg_by_year" not in outputs:
        told.append(Phrase("当日没有该机构的产能估计，封装一侧缺失", "no capacity estimate of that house is known on the day: the packaging leg is missing"))  # fmt: skip
    year = int(x.one("year"))
    apart = float(outputs["disagreement"])
    if apart > _FAR:
        told.append(
            Phrase(
                f"{year}年各路径相差{apart:.2f}倍，合并值不宜单独引用",
                f"the legs are a factor {apart:.2f} apart in {year}: the reconciled number should not be quoted alone",
            )
        )
    if float(outputs["reported"]) < 1:
        told.append(
            Phrase(
                f"{year}年收入一侧有{1 - float(outputs['reported']):.0%}为假设的增长",
                f"{1 - float(outputs['reported']):.0%} of the revenue leg of {year} is assumed growth, not reported revenue",
            )
        )
    if "limited" in outputs and float(outputs["limited"]) < 0.999:
        told.append(
            Phrase(
                "封装一侧受存储或逻辑晶圆所限",
                "memory or logic wafers, not packaging, limit the packaging leg",
            )
        )
    return tuple(told)


CHAIN = Model(
    "chain",
    Phrase("从资本开支到加速器与设备需求的供应链", "The chain from capex to accelerators, equipment and the home share"),
    "supply",
    INPUTS,
    OUTPUTS,
    _compute,
    formula="packaging: Σ wafers · allocation · packages a wafer · yield, at most memory and logic; revenue: revenue · share / price; capex: capex · (1 − shares) / (1 − outside) · accelerator part / price; legs weighted by inverse variance of their logarithm; disagreement = largest / smallest leg",
    source="own; the revenue leg as in Epoch AI's chip counts, written anew; Poisson lags by quarter",
    remarks=_remarks,
)  # fmt: skip
