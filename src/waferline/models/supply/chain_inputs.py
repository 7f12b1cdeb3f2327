"""This module declares what the chain takes."""

from __future__ import annotations

from waferline.models.model import Input
from waferline.models.supply.legs import BUYERS, CHIPS
from waferline.quantity.relations.base import Phrase


def _share(name: str, zh: str, en: str, **more: float) -> Input:
    return Input(name, "x", Phrase(zh, en), low=0, high=1, **more)  # type: ignore[arg-type]


def _years(name: str, zh: str, en: str) -> Input:
    return Input(name, "x", Phrase(zh, en), low=1990, high=2100, many=True, optional=True)


_TIMES = "decimal years, the middle of each quarter"

_SPENDING = (
    *(
        each
        for n in range(1, BUYERS + 1)
        for each in (
            Input(f"capex_{n}", "USD bn", Phrase(f"买方{n}季度资本开支", f"capex of buyer {n} a quarter"), low=0, many=True),
            Input(f"capex_{n}_time", "x", Phrase(f"买方{n}季度中点", f"when: {_TIMES}"), low=1990, high=2100, many=True),
            Input(f"guided_low_{n}", "USD bn", Phrase(f"买方{n}全年指引下限", f"capex buyer {n} guides for a year, low"), low=0, many=True, optional=True),
            _years(f"guided_low_{n}_year", f"买方{n}指引年份", "the years of the low guidance"),
            Input(f"guided_high_{n}", "USD bn", Phrase(f"买方{n}全年指引上限", f"capex buyer {n} guides for a year, high"), low=0, many=True, optional=True),
            _years(f"guided_high_{n}_year", f"买方{n}指引年份", "the years of the high guidance"),
        )
    ),
    _share("guidance_place", "指引区间内位置", "where within guidance, 0 low to 1 high", default=0.5),
    Input("capex_growth", "x", Phrase("已知季度之后资本开支年增速", "growth of capex a year after what is reported or guided"), low=-0.9, high=5),
    _share("growth_fade", "增速逐年衰减", "each later year's growth as a part of the year before's", default=0.6),
    Input("leases", "x", Phrase("融资租赁相对现金资本开支", "finance leases on top of cash capex, as a part of it"), low=0, high=1),
    _share("share_buildings", "土地、厂房与电力占比", "land, buildings and power in capex with leases"),
    _share("share_network", "网络占比", "networking in capex with leases"),
    _share("share_own", "自研芯片占比", "servers with the buyers' own accelerators in capex with leases"),
    _share("share_other", "其他设备占比", "other servers, storage and equipment in capex with leases"),
    Input("outside_four", "x", Phrase("四家以外买方占比", "part of the maker's sales to buyers outside the four"), low=0, high=0.95),
    _share("accelerator_part", "加速器占AI服务器价值", "part of an AI server's price that goes to the maker"),
    Input("per_server", "x", Phrase("每台AI服务器的加速器数", "accelerators in an AI server"), low=1, high=72, default=8),
)  # fmt: skip

_SALES = (
    Input("revenue", "USD bn", Phrase("数据中心季度收入", "the maker's data-centre revenue a quarter"), low=0, many=True),
    Input("revenue_time", "x", Phrase("收入季度中点", f"when: {_TIMES}"), low=1990, high=2100, many=True),
    Input("revenue_growth", "x", Phrase("已知季度之后收入年增速", "growth of that revenue a year after what is reported"), low=-0.9, high=5),
    Input("revenue_error", "x", Phrase("收入口径误差", "factor for what the revenue counts in or out"), low=0.3, high=3, default=1),
    Input("share_time", "x", Phrase("份额季度中点", f"quarters of the share lists: {_TIMES}"), low=1990, high=2100, many=True),
    Input("compute_share", "x", Phrase("加速器占数据中心收入", "accelerators in data-centre revenue"), low=0, high=1, many=True),
    *(Input(f"share_{n}", "x", Phrase(f"芯片{n}占加速器收入", f"chip {n} in the revenue from accelerators"), low=0, high=1, many=True) for n in range(1, CHIPS + 1)),
    Input("share_later", "x", Phrase("此后的芯片结构", "where the mix of chips goes after the last reported quarter, by chip"), low=0, high=1, many=True, optional=True),
    Input("share_half", "x", Phrase("结构变化的半程（季）", "quarters in which it goes half the way there"), low=0.2, high=40, default=3),
    Input("price_year", "x", Phrase("价格年份", "years of the price lists"), low=1990, high=2100, whole=True, many=True),
    *(
        each
        for n in range(1, CHIPS + 1)
        for each in (
            Input(f"price_low_{n}", "USD", Phrase(f"芯片{n}价格下限", f"lower price of chip {n} by year"), low=1, many=True),
            Input(f"price_high_{n}", "USD", Phrase(f"芯片{n}价格上限", f"upper price of chip {n} by year"), low=1, many=True),
        )
    ),
    *(_share(f"price_world_{n}", f"价格情形{n}", f"where between low and high chip {n} sells, in all quarters", default=0.5) for n in range(1, CHIPS + 1)),
    Input("chip_restricted", "x", Phrase("是否受出口管制", "1 for a chip made for a market under export controls, by chip"), low=0, high=1, whole=True, many=True),
    Input("chip_large", "x", Phrase("是否大尺寸封装", "1 for a chip in the large package, by chip"), low=0, high=1, whole=True, many=True),
    Input("chip_memory", "GB", Phrase("每颗显存", "memory of a chip, by chip"), low=1, many=True),
    Input("chip_dies", "x", Phrase("每颗逻辑芯粒数", "logic dies in a package, by chip"), low=1, high=16, many=True),
)  # fmt: skip

_CAPACITY = (
    *(
        each
        for prefix, zh, en in (("capacity", "基准机构", "the base house"), ("house", "情景机构", "the scenario's house"))
        for part, zh_part, en_part in (("low", "下限", "low"), ("high", "上限", "high"), ("point", "单一值", "single figure"))
        for each in (
            Input(f"{prefix}_{part}", "WPM", Phrase(f"{zh}年末月产能{zh_part}", f"capacity at year-end of {en}, {en_part}"), low=0, many=True, optional=True),
            _years(f"{prefix}_{part}_year", f"{zh}年末月产能{zh_part}的年份", "the years of it"),
        )
    ),
    _share("capacity_place", "产能区间内位置", "where within a house's range, in all years", default=0.5),
    Input("capacity_error", "x", Phrase("产能估计误差", "factor on the house's figures: nobody outside knows them"), low=0.3, high=3, default=1),
    Input("capacity_start", "WPM", Phrase("2022年末月产能", "capacity at the end of 2022"), low=0, high=1e6),
    Input("capacity_growth", "x", Phrase("机构未及年份的产能年增速", "growth of capacity a year after the last year that the house speaks of"), low=-0.9, high=5),
    _share("utilisation", "产能利用率", "wafers run over wafers that could be run"),
    _share("allocation", "厂商所得份额", "the maker's part of those wafers"),
    Input("outside", "x", Phrase("外部封测厂补充", "wafers packaged for the maker elsewhere, as a part of these"), low=0, high=2, default=0),
    Input("area_small", "mm2", Phrase("小尺寸中介层面积", "interposer of the small package"), low=100, high=60_000),
    Input("area_large", "mm2", Phrase("大尺寸中介层面积", "interposer of the large package"), low=100, high=60_000),
    Input("packages_small", "x", Phrase("每片小尺寸封装数", "small packages a wafer, instead of geometry"), low=1, high=1000, optional=True),
    Input("packages_large", "x", Phrase("每片大尺寸封装数", "large packages a wafer, instead of geometry"), low=1, high=1000, optional=True),
    _share("yield", "封装良率", "packages that work"),
    Input("memory_2023", "GB", Phrase("2023年HBM供给", "memory made for accelerators in 2023"), low=1e6),
    *(Input(f"memory_growth_{year}", "x", Phrase(f"{year}年HBM供给增速", f"growth of that memory in {year}"), low=-0.9, high=10) for year in (2024, 2025, 2026, 2027)),
    _share("memory_share", "厂商所得HBM份额", "the maker's part of that memory"),
    Input("logic_capacity", "WPM", Phrase("逻辑晶圆月产能（2024年初）", "wafers a month of the logic process at the start of 2024"), low=0, high=1e7),
    _share("logic_share", "厂商至多可得的逻辑份额", "the part of it the maker can have at most"),
    Input("logic_growth", "x", Phrase("逻辑产能年增速", "growth of that capacity a year"), low=-0.9, high=5, default=0),
    Input("logic_dies", "x", Phrase("每片逻辑芯粒数", "logic dies on a wafer, before yield"), low=1, high=10_000),
    _share("logic_yield", "逻辑良率", "logic dies that can be sold"),
)  # fmt: skip

_LAGS = tuple(
    Input(name, "x", Phrase(zh, f"{en}, mean in quarters"), low=0, high=4)
    for name, zh, en in (
        ("lag_wafer", "逻辑晶圆投片到出片（季）", "logic wafer started to die"),
        ("lag_package", "封装投片到出片（季）", "wafer into packaging to package"),
        ("lag_shipment", "封装到出货（季）", "package to shipment"),
        ("lag_revenue", "出货到确认收入（季）", "shipment to revenue"),
        ("lag_capex", "出货到买方付款（季）", "shipment to the buyer's payment"),
    )
)

_DOWNSTREAM = (
    Input("cost_packaging", "USD per WPM", Phrase("封装产能单位投资", "equipment for a packaging wafer a month"), low=0),
    Input("cost_memory", "USD per WPM", Phrase("HBM产能单位投资", "equipment for a memory wafer a month"), low=0),
    Input("cost_logic", "USD per WPM", Phrase("逻辑产能单位投资", "equipment for a leading logic wafer a month"), low=0),
    Input("cost_logic_local", "USD per WPM", Phrase("本土逻辑产能单位投资", "equipment for a local logic wafer a month"), low=0),
    Input("memory_per_wafer", "GB per wafers", Phrase("每片HBM晶圆的容量", "good memory from a wafer"), low=1),
    Input("materials_packaging", "USD per wafers", Phrase("每片封装材料", "materials of a packaging wafer"), low=0),
    Input("materials_memory", "USD per wafers", Phrase("每片存储材料", "materials of a memory wafer"), low=0),
    Input("materials_logic", "USD per wafers", Phrase("每片逻辑材料", "materials of a logic wafer"), low=0),
    Input("import_share", "x", Phrase("2024年进口芯片占比", "imported chips in the restricted market's AI servers in 2024"), low=0.01, high=1, optional=True),
    Input("market_growth", "x", Phrase("受管制市场加速器年增速", "growth of accelerators in that market a year"), low=-0.9, high=5, default=0),
    Input("local_area", "mm2", Phrase("本土芯片面积", "die of a local accelerator"), low=10, high=5_000),
    Input("local_yield", "x", Phrase("本土芯片良率", "local dies that work"), low=0.01, high=1),
    _share("self_sufficiency", "设备自给率（整体，价值口径）", "home part of all equipment, by value"),
    _share("self_sufficiency_advanced", "设备自给率（先进产线）", "home part of equipment on advanced lines"),
    _share("self_sufficiency_materials", "材料自给率", "home part of materials"),
    Input("market_equipment", "USD bn", Phrase("本土设备市场", "equipment sold in the country in a year"), low=0, optional=True),
)  # fmt: skip

INPUTS = (
    Input("year", "x", Phrase("所问年份", "the calendar year that the single outputs are about"), low=2023, high=2027, whole=True, default=2024),
    *(
        Input(f"spread_{name}", "x", Phrase(f"{zh}的对数标准差（无抽样时用于加权）", f"standard deviation of the {en} leg's logarithm, for its weight where nothing is drawn"), low=0.01, high=3, default=value)
        for name, zh, en, value in (("revenue", "收入一侧", "revenue", 0.1), ("packaging", "封装一侧", "packaging", 0.2), ("capex", "资本开支一侧", "capex", 0.25))
    ),
    Input("spread_assumed", "x", Phrase("假设增长带来的对数标准差", "what assumed growth adds to the spread of the revenue and capex legs, where nothing is drawn"), low=0, high=3, default=0.25),
    *_SPENDING,
    *_SALES,
    *_CAPACITY,
    *_LAGS,
    *_DOWNSTREAM,
)  # fmt: skip
