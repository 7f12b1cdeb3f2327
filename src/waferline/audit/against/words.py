"""This module holds the words by which titles of series and sentences name the same measure, in both languages."""

from __future__ import annotations

import re

# Names of one measure. Money sold on a market is told as sales, billings, output value or market size.
MEASURES: dict[str, tuple[str, ...]] = {
    "sales": (
        "销售总额", "总销售额", "销售额", "市场规模", "市场", "产值", "sales", "billings", "market size", "market",
    ),
    "revenue": ("营业收入", "营收", "revenues", "revenue"),
    "shipments": ("出货量", "shipments"),
    "volume": ("零售量", "销量", "retail volume", "sales volume"),
    "activations": ("激活量", "activations"),
    "capex": ("资本开支", "资本支出", "capex", "capital expenditures", "capital expenditure", "capital spending"),
    "utilisation": (
        "产能利用率", "稼动率", "capacity utilisation", "capacity utilization", "utilisation rate",
        "utilization rate", "utilisation", "utilization",
    ),
    "capacity": ("月产能", "产能", "capacity"),
    "share": ("市场份额", "市占率", "份额", "占比", "market share", "share"),
    "penetration": ("渗透率", "搭载率", "penetration"),
    "self_sufficiency": ("自给率", "国产化率", "self-sufficiency", "localisation rate", "localization rate"),
    "price": ("平均售价", "均价", "average price", "average selling price"),
    "margin": ("毛利率", "gross margin"),
    "close": ("收盘点位", "收盘", "指数", "close", "index"),
}  # fmt: skip
IN_PERCENT = ("share", "penetration", "self_sufficiency", "margin", "utilisation")
STOCKS = ("capacity",)

REGIONS: dict[str, tuple[str, ...]] = {
    "world": ("全球", "worldwide", "global", "world"),
    "china": ("中国大陆", "大陆", "中国", "国内", "我国", "mainland china", "chinese", "china"),
    "taiwan": ("中国台湾地区", "中国台湾", "台湾", "taiwan"),
    "us": ("美国", "u.s.", "united states"),
    "north_america": ("北美地区", "北美", "north america"),
    "americas": ("美洲", "americas"),
    "korea": ("韩国", "south korea", "korea"),
    "japan": ("日本", "japan"),
    "europe": ("欧洲", "europe"),
    "greater_china": ("大中华区", "greater china"),
    "rest": ("其他地区", "亚太", "rest of world", "asia pacific"),
}  # fmt: skip

YEAR_ON_YEAR = (
    "同比变化", "同比", "year-on-year change", "growth on the year", "year-on-year", "year-over-year", "yoy",
    "y/y", "from a year earlier", "from a year ago",
)  # fmt: skip
QUARTER_ON_QUARTER = ("环比变化", "环比", "quarter-on-quarter change", "quarter-on-quarter", "qoq", "q/q")
GROWTH = ("增速", "增长率", "growth rate", "growth")

# What may stand between a subject and its measure, and says nothing.
FILLER = re.compile(
    r"(?:总|的|年度|月度|季度|单月|单季|全年|当季|当月|合计|整体|总体|季|月|\s|'s|’s|monthly|quarterly|annual|total|net|reported|posted|recorded)$"
)
# What may stand before a subject: a break, a period, a region, or a word that does not narrow it.
OPEN = re.compile(
    r"(?:^|[，。；：、,;:.（(①-⑳|]\s*|\d{4}|q[1-4]|[年月日度季末初]|以来|全球|世界|中国大陆|中国|国内|我国|各地区|整体|总体|看|其中|来自|的|"
    r"(?<![a-z])(?:the|worldwide|global|world|total|overall|in|and|china|mainland|while|that|of)\s*)$"
)
NOT_SAID = re.compile(r"(?:除|不含|不包括|剔除|非|扣除|excluding|except|non-)$")

# Words of titles that tell the stretch or the sort of a figure and are no part of the subject.
SPANS = re.compile(
    r"年度|月度|季度|当季|当期|全年|半年|单月|年初至今|年末|三月移动平均|合计|整体|(?<=[一-鿿])[月季年](?=营收|产能|销售额|出货)|"
    r"calendar year|quarter total|single month|3-month moving average|monthly|quarterly|annual|total",
    re.IGNORECASE,
)
HALF_OF_A_RANGE = re.compile(r"上限|下限|high end|low end|high bound|low bound", re.IGNORECASE)

# Two names of one thing that titles and texts use side by side.
SAME_THING: tuple[tuple[str, str], ...] = (
    ("智能机", "智能手机"), ("ai智能眼镜", "ai眼镜"), ("semiconductors", "semiconductor"), ("芯片", "半导体"),
    ("semis", "semiconductor"), ("chip", "semiconductor"),
)  # fmt: skip

RISING = re.compile(
    r"增长|上涨|上升|提升|增加|涨幅|增幅|同增|增速|反弹|rose|gr[eo]w|growth|increase|up|gain|higher|climb|jump",
    re.IGNORECASE,
)
FALLING = re.compile(
    r"下降|下跌|下滑|减少|跌幅|降幅|回落|萎缩|负增长|同降|fell|fall|decline|decrease|down|drop|lower|lost|loss",
    re.IGNORECASE,
)
EXPECTED = re.compile(
    r"预计|预测|预期|有望|或将|将(?:达|增|突破|超|升|为|在)|指引|目标|计划|可达|forecast|expect|project|estimate|will|outlook|guidance|target|plan",
    re.IGNORECASE,
)


def squashed(text: str) -> str:
    """A name without case, spaces and hyphens, as names are compared; ASCII words keep one space between them.

    >>> squashed("AI 智能眼镜"), squashed("AI-Server value")
    ('ai眼镜', 'ai server value')
    """
    plain = re.sub(r"[\s_\-]+", " ", text.lower()).strip()
    plain = re.sub(r"(?<=[一-鿿]) | (?=[一-鿿])", "", plain)
    for other, name in SAME_THING:
        if plain == other:
            return name
        if not other.isascii():
            plain = plain.replace(other, name)
    return plain
