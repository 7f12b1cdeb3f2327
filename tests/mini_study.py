"""A whole study in a few files: real values of SIA, TSMC, WSTS and an index, each with its source, in both languages.

`write_study(folder)` writes it; `write_study(folder, {"study.toml": "…", "names.toml": None})` with a file changed
or left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_SERIES = """\
id,name_zh,name_en,unit,frequency,kind,publisher,known_after,exact,definition,definition_zh,terms
sia.sales_year.world,全球半导体年度销售额,World semiconductor sales,USD bn,year,realised,SIA,41,no,,,
tsmc.revenue.monthly,台积电月度营收,TSMC monthly revenue,TWD mn,month,realised,TSMC,10,no,,,
wsts.billings.world,全球单月出货额,World billings,USD thousand,month,realised,WSTS,36,no,,,
index.sw_semiconductor.close,申万半导体收盘,SWS Semiconductor close,index,day,realised,SWS Research,1,yes,,,
forecast.semi_market.wsts,半导体市场预测,Market forecast,USD bn,year,forecast,WSTS,0,no,,,
"""
_SOURCES = """\
id,publisher_zh,publisher_en,tier,read_in,locator,terms
sia,美国半导体行业协会,SIA,publisher,,www.semiconductors.org,
sia-press,美国半导体行业协会,SIA,press,design-reuse,https://www.design-reuse.com/news/55644/,
tsmc,台积电,TSMC,official,,https://pr.tsmc.com/,
wsts,世界半导体贸易统计组织,WSTS,publisher,,Historical Billings Report of May 2026,
sws,申万宏源研究,SWS Research,publisher,,www.swsresearch.com,
blog,某博客,a weblog,weak,,https://example.org/blog,
"""
_OBSERVATIONS = """\
series,subject,period,value,unit,by,edition,published,public_by,recorded,print,kind,source,note,url
sia.sales_year.world,,2022,573.5,USD bn,,,,2023-02-02,2026-11-23,first,,sia-press,,
sia.sales_year.world,,2022,574.1,USD bn,,,,2024-02-05,2026-11-23,later,,sia-press,,
sia.sales_year.world,,2023,526.8,USD bn,,,2024-02-05,,2026-11-23,first,,sia-press,,https://example.org/2023
sia.sales_year.world,,2024,627.6,USD bn,,,,2025-02-10,2026-11-23,first,,sia-press,,
sia.sales_year.world,,2024,630.5,USD bn,,,2026-02-06,,2026-11-23,later,,sia,,
sia.sales_year.world,,2025,791.7,USD bn,,,2026-02-06,,2026-11-23,first,,sia,,
tsmc.revenue.monthly,,2023-10,243202.811,TWD mn,,,2023-11-10,,2026-11-23,first,,tsmc,,
tsmc.revenue.monthly,,2023-11,206026.179,TWD mn,,,,,2026-11-23,first,,tsmc,,
tsmc.revenue.monthly,,2023-12,176299.866,TWD mn,,,,,2026-11-23,first,,tsmc,,
tsmc.revenue.monthly,,2024-10,314239.713,TWD mn,,,,2024-11-10,2026-11-23,first,,tsmc,,
tsmc.revenue.monthly,,2024-12,278163.107,TWD mn,,,2025-01-10,,2026-11-23,first,,blog,,
wsts.billings.world,,2024-11,58949120,USD thousand,,May 2026,,,2026-11-23,later,,wsts,,
wsts.billings.world,,2024-12,59812952,USD thousand,,May 2026,,,2026-11-23,later,,wsts,,
index.sw_semiconductor.close,,2023-12-29,3824.51,index,,,2023-12-29,,2026-11-23,first,,sws,,
index.sw_semiconductor.close,,2024-01-02,3742.34,index,,,2024-01-02,,2026-11-23,first,,sws,,
index.sw_semiconductor.close,,2024-01-31,2882.43,index,,,2024-01-31,,2026-11-23,first,,sws,,
forecast.semi_market.wsts,,2024,611.2,USD bn,,Spring 2024,2024-06-06,,2026-11-23,first,,sia-press,,
forecast.semi_market.wsts,,2025,687.4,USD bn,,Spring 2024,2024-06-06,,2026-11-23,first,,sia-press,,
"""
_STUDY = """\
id = "mini"
title = { zh = "半导体小样", en = "A small study of semiconductors" }
subtitle = { zh = "一份用于检验的报告", en = "A report to test with" }
kicker = { zh = "行业策略", en = "Sector strategy" }
cover_exhibit = ""
cover_chapter = "cover"
chapters = ["market"]
appendix = ["method"]
unnumbered = ["cover", "method"]

[rating]
good = { zh = "看好", en = "Overweight" }
neutral = { zh = "中性", en = "Neutral" }
poor = { zh = "看淡", en = "Underweight" }
holds = 1
broken = 1
text = { zh = "按论点评级", en = "rated by the theses" }
index = "index.sw_semiconductor.close"
benchmark = "index.sw_semiconductor.close"
"""
_THESES = """\
[[thesis]]
id = "cycle"
title = { zh = "行业处于上行期", en = "The industry is growing" }
exhibits = ["fig01"]

[[thesis.measures]]
name = { zh = "年度销售额增速", en = "growth of yearly sales" }
expr = 'yoy("sia.sales_year.world", latest("sia.sales_year.world"))'
weakens_below = "10 %"
breaks_below = "0 %"
"""
_FIG01 = """\
title = { zh = "全球半导体年度销售额", en = "World semiconductor sales" }
chart = "bars+line"
left = { zh = "销售额", en = "Sales" }
right = { zh = "同比", en = "Year on year" }

[rows]
periods = 'periods("2022", "2024")'

[[columns]]
key = "sales"
name = { zh = "销售额", en = "Sales" }
mark = "bar"
unit = "USD bn"
expr = 'level("sia.sales_year.world", p)'

[[columns]]
key = "growth"
name = { zh = "同比", en = "Growth" }
mark = "line"
axis = "right"
unit = "%"
optional = true
expr = 'yoy("sia.sales_year.world", p)'
"""
_FIG02 = """\
title = { zh = "台积电月度营收", en = "TSMC monthly revenue" }
chart = "lines"

[rows]
periods = 'periods("2024-10", "2024-12")'

[[columns]]
key = "revenue"
name = { zh = "营收", en = "Revenue" }
mark = "line"
unit = "TWD bn"
places = 1
expr = 'level("tsmc.revenue.monthly", p)'
"""
_FIG03 = """\
title = { zh = "全球单月出货额", en = "World billings" }
chart = "lines"

[rows]
periods = 'periods("2024-11", "2024-12")'

[[columns]]
key = "billings"
name = { zh = "出货额", en = "Billings" }
mark = "line"
unit = "USD bn"
places = 1
backfill = true
expr = 'level("wsts.billings.world", p)'
"""
_TAB01 = """\
title = { zh = "规模一览", en = "Sizes" }
chart = "table"
made_by = "computed"

[[rows.items]]
label = { zh = "全球销售额", en = "World sales" }
series = "sia.sales_year.world"

[[rows.items]]
label = { zh = "市场预测", en = "Market forecast" }
series = "forecast.semi_market.wsts"

[[columns]]
key = "value"
name = { zh = "规模", en = "Size" }
unit = "USD bn"
expr = 'level(series, "2024")'

[[columns]]
key = "name"
name = { zh = "指标", en = "Measure" }
expr = 'name(series)'
"""
_MARKET_ZH = """\
# 市场

{{ exhibit("fig01") }}显示，2024年全球半导体销售额为{{ level("sia.sales_year.world", "2024") }}，同比{{ yoy("sia.sales_year.world", "2024") | said }}。

## 供给

台积电2024年12月营收为{{ level("tsmc.revenue.monthly", "2024-12") }}。

- 截至{{ asof() }}，最新年度是{{ latest("sia.sales_year.world") }}。
- 其后的销售额为{{ level("sia.sales_year.world", "2025") }}。

::: exhibits fig01 fig02
::: exhibits fig03
::: exhibits tab01

::: when since("2025-01-20")
::: opinion
**我们认为**趋势延续，{{ name("sia.sales_year.world") }}仍在上行。
:::
:::
"""
_MARKET_EN = """\
# The market

{{ exhibit("fig01") }} shows that sales in 2024 were {{ level("sia.sales_year.world", "2024") }}; they {{ yoy("sia.sales_year.world", "2024") | said }}.

## Supply

TSMC's revenue in December 2024 was {{ level("tsmc.revenue.monthly", "2024-12") }}.

- On {{ asof() }} the newest year is {{ latest("sia.sales_year.world") }}.
- Sales of the year after were {{ level("sia.sales_year.world", "2025") }}.

::: exhibits fig01 fig02
::: exhibits fig03
::: exhibits tab01

::: when since("2025-01-20")
::: opinion
**We think** that the trend goes on.
:::
:::
"""
FILES: dict[str, str] = {
    "study.toml": _STUDY,
    "names.toml": 'names = ["RTX 4090", "5G", "DeepSeek-V3"]\n',
    "theses.toml": _THESES,
    "evidence/series.csv": _SERIES,
    "evidence/sources.csv": _SOURCES,
    "evidence/observations/a.csv": _OBSERVATIONS,
    "exhibits/fig01.toml": _FIG01,
    "exhibits/fig02.toml": _FIG02,
    "exhibits/fig03.toml": _FIG03,
    "exhibits/tab01.toml": _TAB01,
    "chapters/zh/cover.md": '增速为{{ yoy("sia.sales_year.world", latest("sia.sales_year.world")) }}。\n',
    "chapters/en/cover.md": 'Growth is {{ yoy("sia.sales_year.world", latest("sia.sales_year.world")) }}.\n',
    "chapters/zh/market.md": _MARKET_ZH,
    "chapters/en/market.md": _MARKET_EN,
    "chapters/zh/method.md": "# 方法\n\n每个数字都出自证据。\n",
    "chapters/en/method.md": "# Method\n\nEvery number comes from the evidence.\n",
}


def write_study(root: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """The mini study in `root`, with these files changed, added or (None) left out."""
    for name, text in {**FILES, **(changes or {})}.items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return root
