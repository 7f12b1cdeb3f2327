"""This module declares what the chain gives: each number by calendar year, and for the year asked for on its own."""

from __future__ import annotations

from waferline.models.model import Output
from waferline.models.supply.legs import CHIPS
from waferline.quantity.relations.base import Phrase

_YEARS = "calendar_years"
_BOTH: tuple[tuple[str, str, str, str], ...] = (
    ("disagreement", "x", "各路径最大与最小之比", "the largest leg over the smallest"),
    ("revenue_leg", "units", "收入一侧的加速器出货（不含管制芯片）", "accelerators by revenue, without restricted chips"),
    ("packaging_leg", "units", "封装一侧的加速器出货（不含管制芯片）", "accelerators by packaging, without restricted chips"),
    ("capex_leg", "units", "资本开支一侧的加速器出货（不含管制芯片）", "accelerators by capex, without restricted chips"),
    ("units", "units", "按精度合并的加速器出货", "accelerators, legs weighted by precision"),
    ("packaging_over_revenue", "x", "封装一侧与收入一侧之比", "the packaging leg over the revenue leg"),
    ("capex_over_revenue", "x", "资本开支一侧与收入一侧之比", "the capex leg over the revenue leg"),
    ("restricted", "units", "受出口管制芯片出货（单列）", "restricted chips, a pool of their own"),
    *((f"chip_{n}", "units", f"芯片{n}出货", f"chip {n} shipped, by revenue") for n in range(1, CHIPS + 1)),
    ("capex", "USD bn", "四家资本开支", "cash capex of the four"),
    ("servers_value", "USD bn", "AI服务器支出（该厂商芯片）", "AI servers with the maker's chips, all buyers"),
    ("servers", "units", "AI服务器台数（该厂商芯片）", "AI servers with the maker's chips"),
    ("price", "USD per units", "平均价格（不含管制芯片）", "mean price without restricted chips"),
    ("wafers", "wafers", "厂商所得封装晶圆", "packaging wafers for the maker"),
    ("limited", "x", "受存储与逻辑限制后的比例", "the packaging leg over what wafers alone allow"),
    ("memory_on_chips", "GB", "所售芯片的HBM用量（按采购时点）", "memory on the chips sold, when it was bought"),
    ("memory_supply", "GB", "HBM供给", "memory made for accelerators"),
    ("reported", "x", "收入一侧中已披露部分", "part of the year's revenue leg that is reported"),
    ("revenue_weight", "x", "收入一侧权重", "weight of the revenue leg"),
    ("packaging_weight", "x", "封装一侧权重", "weight of the packaging leg"),
    ("capex_weight", "x", "资本开支一侧权重", "weight of the capex leg"),
)  # fmt: skip

_LISTED: tuple[tuple[str, str, str, str], ...] = (
    ("year_end_capacity", "WPM", "年末月产能", "capacity at the end of the year"),
    ("capacity_implied", "WPM", "与收入一侧相符的年末月产能", "year-end capacity whose packages alone would make the revenue leg, years reported in full"),
    ("equipment_demand", "USD bn", "新增设备需求（情景，未对账）", "equipment bought for packaging, memory and logic (scenario, unreconciled)"),
    ("materials_demand", "USD bn", "材料需求（情景，未对账）", "materials used (scenario, unreconciled)"),
    ("local_units", "units", "本土加速器（情景，未对账）", "local accelerators beside the restricted pool (scenario, unreconciled)"),
    ("local_wafers", "wafers", "本土加速器所需晶圆（情景，未对账）", "wafers these need (scenario, unreconciled)"),
    ("local_equipment", "USD bn", "相应所需在位设备（情景，未对账）", "equipment in place for these (scenario, unreconciled)"),
    ("local_equipment_domestic", "USD bn", "其中本土设备（情景，未对账）", "home part of it (scenario, unreconciled)"),
)  # fmt: skip

OUTPUTS = (
    *(Output(name, unit, Phrase(zh, en)) for name, unit, zh, en in _BOTH),
    *(Output(f"{name}_then", unit, Phrase(zh, en)) for name, unit, zh, en in _LISTED),
    Output("units_growth", "x", Phrase("加速器出货增速", "growth of accelerators on the year"), shown="%"),
    Output("servers_growth", "x", Phrase("AI服务器增速", "growth of AI servers on the year"), shown="%"),
    Output("capex_growth_of_four", "x", Phrase("四家资本开支增速", "growth of the four's capex on the year"), shown="%"),
    Output("domestic_equipment", "USD bn", Phrase("本土设备收入池（情景，未对账）", "home part of the country's equipment market (scenario, unreconciled)")),
    Output("calendar_years", "x", Phrase("年份", "calendar years of the lists"), many=True),
    *(Output(f"{name}_by_year", unit, Phrase(f"{zh}，按年", f"{en}, by year"), many=True, over=_YEARS) for name, unit, zh, en in _BOTH),
    *(Output(name, unit, Phrase(f"{zh}，按年", f"{en}, by year"), many=True, over=_YEARS) for name, unit, zh, en in _LISTED),
    Output("equipment_in_place", "USD bn", Phrase("在位设备，按年（情景，未对账）", "equipment in place at year-end, by year (scenario, unreconciled)"), many=True, over=_YEARS),
    Output("local_materials_domestic", "USD bn", Phrase("本土材料，按年（情景，未对账）", "home part of materials for local chips, by year (scenario, unreconciled)"), many=True, over=_YEARS),
    *(
        Output(f"{name}_leg_quarterly", "units", Phrase(f"{zh}，按季", f"{en}, by quarter from 2023"), many=True)
        for name, zh, en in (("revenue", "收入一侧", "revenue leg"), ("packaging", "封装一侧", "packaging leg"), ("capex", "资本开支一侧", "capex leg"))
    ),
)  # fmt: skip
