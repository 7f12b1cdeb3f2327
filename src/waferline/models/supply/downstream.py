"""This module follows accelerators to what makes them: equipment and materials, and the part that is bought at home."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from waferline.models.model import Array, Values
from waferline.models.supply import timing
from waferline.models.supply.legs import Packaged, counted, logic_wafers, memory_supply

_BN = 1e9
_BASE = 2024.0


def tools_and_materials(x: Values, packaging: Packaged) -> Mapping[str, Array]:
    """Equipment in place and bought, and materials used, by calendar year and for all makers of these wafers.

    Capacity in place is wafers a month at the end of the year times what a wafer a month costs to build; what is bought is
    its increase, nothing where it falls. Materials are wafers times their cost. Three kinds of wafers: packaging, memory, logic.
    """
    ends = packaging.ends[..., 1:7]  # ends of 2022 to 2027
    memory = memory_supply(x) / x["memory_per_wafer"][..., None] / 3
    logic = logic_wafers(x) / 3
    in_place = ends * x["cost_packaging"][..., None]
    for flow, cost in ((memory, "cost_memory"), (logic, "cost_logic")):
        # The run-rate at a year's end lies between its last quarter and the next one.
        last = np.sqrt(flow[..., 3:24:4] * flow[..., 4:25:4])
        in_place = in_place + last * x[cost][..., None]
    bought = np.maximum(np.diff(in_place, axis=-1), 0.0)
    used = (
        timing.by_year(memory * 3) * x["materials_memory"][..., None]
        + timing.by_year(logic * 3) * x["materials_logic"][..., None]
        + timing.by_year(packaging.wafers) * x["materials_packaging"][..., None]
    )
    return {
        "equipment_in_place": in_place[..., 1:] / _BN,
        "equipment_demand": bought / _BN,
        "materials_demand": used / _BN,
    }


def at_home(x: Values, restricted: Array) -> Mapping[str, Array]:
    """Local accelerators beside the restricted pool, the wafers they need, and the home part of their equipment and materials.

    `restricted` is units a year, `(…, 5)`. The market of 2024 is that year's pool over
    the imported share s, and it grows as assumed; what the pool does not fill is local. Equipment is what has to be in place for those wafers; the home part is by value.
    """
    if not x.has("import_share"):
        return {}
    base = int(_BASE - timing.YEARS[0])
    market = (restricted[..., base] / x["import_share"])[..., None]
    market = market * (1 + x["market_growth"])[..., None] ** (timing.YEARS - _BASE)
    local = np.maximum(market - restricted, 0.0)
    dies = counted(x["local_area"]) * x["local_yield"]
    wafers = local / dies[..., None]
    in_place = wafers / 12 * x["cost_logic_local"][..., None] / _BN
    found = {
        "local_units": local,
        "local_wafers": wafers,
        "local_equipment": in_place,
        "local_equipment_domestic": in_place * x["self_sufficiency_advanced"][..., None],
        "local_materials_domestic": wafers
        / _BN
        * (x["materials_logic"] * x["self_sufficiency_materials"])[..., None],
    }
    return found


def home_pool(x: Values) -> Mapping[str, Array]:
    """The home makers' part of the equipment sold in the country in one year: market times self-sufficiency, both by value."""
    if not x.has("market_equipment"):
        return {}
    return {"domestic_equipment": x["market_equipment"] * x["self_sufficiency"]}
