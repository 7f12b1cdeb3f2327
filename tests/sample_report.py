"""A report with one of every kind of exhibit, in both languages. The numbers are made up; nothing here is evidence."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import date, timedelta

from waferline.quantity.period import Period
from waferline.quantity.quantity import Leaf, Modelled, modelled, observed
from waferline.quantity.units import unit
from waferline.study.report import (
    Axis,
    Band,
    Block,
    Bound,
    Bullets,
    Card,
    CardInput,
    Cell,
    Chart,
    Column,
    Cover,
    Exhibit,
    ExhibitRef,
    Fit,
    Heading,
    Lang,
    Mark,
    Paragraph,
    Place,
    Report,
    Row,
    Status,
    Text,
    ThesisResult,
    Words,
)

NONE = Words("", "")
PERIOD = Words("时间", "Period")
DAY = date(2025, 3, 20)


def words(zh: str, en: str) -> Words:
    return Words(zh, en)


def column(
    key: str, zh: str, en: str, mark: Mark, *, axis: str = "left", of: str | None = "USD bn", group: str = ""
) -> Column:
    return Column(
        key, Words(zh, en), mark, "right" if axis == "right" else "left", unit(of) if of else None, 1, group
    )


def cell(
    value: float | None, *, places: int = 1, forecast: bool = False, card: str = "", suffix: str = ""
) -> Cell:
    if value is None:
        return Cell(NONE)
    text = f"{value:,.{places}f}{suffix}".replace("-", "−")
    return Cell(Words(text, text), value=value, card=card, forecast=forecast)


def rows_of(
    periods: Sequence[str],
    table: Sequence[Sequence[float | None]],
    *,
    forecast_from: str = "",
    card: str = "",
) -> tuple[Row, ...]:
    out = []
    for text, values in zip(periods, table, strict=True):
        period = Period.parse(text)
        ahead = bool(forecast_from) and period >= Period.parse(forecast_from)
        label = Words(period.short(), period.short())
        out.append(Row(label, tuple(cell(v, forecast=ahead, card=card) for v in values), period, ahead))
    return tuple(out)


def exhibit(
    id: str,
    number: int,
    chart: Chart,
    title: Words,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    left: Axis | None = None,
    right: Axis | None = None,
    status: Status = "shown",
    header: Words = PERIOD,
    missing: Sequence[Words] = (),
    notes: Sequence[Words] = (),
    bands: Sequence[Band] = (),
    fit: Fit | None = None,
    hole: Words | None = None,
    kind: str = "figure",
    groups: Sequence[tuple[str, Words]] = (),
) -> Exhibit:
    periods = [r.period for r in rows if r.period]
    return Exhibit(
        id,
        "table" if kind == "table" else "figure",
        number,
        title,
        chart,
        tuple(columns),
        tuple(rows),
        header,
        left,
        right,
        Words(
            "资料来源：样例机构（转引自样例媒体），Waferline 测算",
            "Source: Sample House (as quoted by a sample paper), Waferline calculations",
        ),
        tuple(notes),
        Words(f"{title.zh}。共{len(rows)}行。", f"{title.en}. {len(rows)} rows."),
        status,
        sum(1 for r in rows for c in r.cells if c.value is not None),
        tuple(missing),
        ("sample",),
        periods[0] if periods else None,
        periods[-1] if periods else None,
        tuple(bands),
        fit,
        hole,
        tuple(groups),
    )


def trading_days(first: date, last: date) -> list[date]:
    return [d for n in range((last - first).days + 1) if (d := first + timedelta(days=n)).weekday() < 5]


def walks(first: date, last: date, drifts: Sequence[float], seed: int = 7) -> tuple[Row, ...]:
    chance = random.Random(seed)
    levels = [100.0 for _ in drifts]
    out = []
    for n, day in enumerate(trading_days(first, last)):
        for i, drift in enumerate(drifts):
            if n:
                levels[i] *= math.exp(drift / 250 + chance.gauss(0, 0.016))
        values = [None if i == 1 and 100 <= n <= 112 else round(v, 2) for i, v in enumerate(levels)]
        period = Period(day, day)
        out.append(Row(Words(str(period), str(period)), tuple(cell(v, places=2) for v in values), period))
    return tuple(out)


def _over_time() -> list[Exhibit]:
    sales = exhibit(
        "sales", 1, "bars+line",
        words("全球半导体销售额及同比增速", "World semiconductor sales and growth"),
        [column("level", "销售额", "Sales", "bar"), column("yoy", "同比", "YoY", "line", axis="right", of="%")],
        rows_of(
            [str(y) for y in range(2014, 2027)],
            [[335.8, 9.9], [335.2, -0.2], [338.9, 1.1], [412.2, 21.6], [468.8, 13.7], [412.3, -12.0], [440.4, 6.8],
             [None, None], [574.1, None], [526.9, -8.2], [627.6, 19.1], [697.2, 11.2], [760.7, 8.5]],
            forecast_from="2025", card="c1",
        ),
        left=Axis(words("十亿美元", "USD bn")), right=Axis(words("同比，%", "YoY, %")), status="partial",
        missing=[words("2021年销售额", "Sales of 2021")],
        notes=[words("2025年及以后为预测值。", "2025 and later are forecasts.")],
    )  # fmt: skip
    months = [f"{y}-{m:02d}" for y in (2021, 2022, 2023, 2024) for m in range(1, 13)] + ["2025-01", "2025-02"]
    inventory = exhibit(
        "inventory", 2, "lines",
        words("存货周转天数：存储与逻辑", "Days of inventory: memory and logic"),
        [column("memory", "存储", "Memory", "line", of="day"), column("logic", "逻辑", "Logic", "line", of="day")],
        rows_of(
            months,
            [[None if 20 <= n < 24 else round(120 + 45 * math.sin(n / 7), 1), round(90 + 18 * math.sin(n / 9 + 1), 1)]
             for n in range(len(months))],
        ),
        left=Axis(words("天", "Days")),
    )  # fmt: skip
    quarters = [f"{y}-Q{q}" for y in (2022, 2023, 2024) for q in (1, 2, 3, 4)]
    capex = exhibit(
        "capex", 3, "stacked",
        words("四大云厂商资本开支及同比增速", "Capital expenditure of four cloud firms and growth"),
        [column(k, z, e, "bar", group="firms") for k, z, e in (
            ("a", "微软", "Microsoft"), ("b", "亚马逊", "Amazon"), ("c", "谷歌", "Alphabet"), ("d", "Meta", "Meta"))]
        + [column("yoy", "合计同比", "Total YoY", "line", axis="right", of="%")],
        rows_of(
            quarters,
            [[6.3 + n * 0.9, 14.9 + n * 0.7 if n != 7 else None, 9.8 + n * 0.4, 5.4 + n * 0.8,
              None if n < 4 else round(-12 + (n - 4) * 9.5, 1)] for n in range(12)],
        ),
        left=Axis(words("十亿美元", "USD bn")), right=Axis(words("同比，%", "YoY, %")), status="partial",
        missing=[words("亚马逊 2023年四季度", "Amazon Q4 2023")],
    )  # fmt: skip
    shares = exhibit(
        "shares", 4, "stacked100", words("全球晶圆代工市场份额", "Foundry market shares"),
        [column(k, z, e, "bar", of="%", group="s") for k, z, e in (
            ("t", "台积电", "TSMC"), ("s", "三星", "Samsung"), ("m", "中芯国际", "SMIC"), ("u", "联电", "UMC"),
            ("o", "其他", "Others"))],
        rows_of(quarters[4:], [[58 + n, 12 - n / 2, 5.5, 6.2 - n / 10, 18.3 - n * 0.4] for n in range(8)]),
        left=Axis(words("%", "%")),
    )  # fmt: skip
    quarter_days = rows_of(
        ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"],
        [[52.1, 18.0], [61.5, 20.2], [70.3, 22.4], [80.8, 25.0], [88.0, 27.5]], forecast_from="2025-Q1",
    )  # fmt: skip
    grouped = exhibit(
        "grouped", 5, "grouped", words("先进封装与传统封装产能", "Advanced and conventional packaging capacity"),
        [column("adv", "先进", "Advanced", "bar"), column("old", "传统", "Conventional", "bar")],
        quarter_days, left=Axis(words("千片/月", "Thousand wafers a month")),
    )  # fmt: skip
    negative = exhibit(
        "negative", 6, "bars+line", words("月度出货额与同比（含负值）", "Monthly billings and growth, negatives included"),
        [column("level", "出货额", "Billings", "bar"), column("yoy", "同比", "YoY", "line", axis="right", of="%")],
        rows_of(months[24:], [[round(30 + 8 * math.sin(n / 4), 1), round(-35 + n * 2.2, 1)] for n in range(26)]),
        left=Axis(words("十亿美元", "USD bn")), right=Axis(words("同比，%", "YoY, %")),
    )  # fmt: skip
    return [sales, inventory, capex, shares, grouped, negative]


def _by_day() -> list[Exhibit]:
    def period(text: str) -> Period:
        return Period.parse(text)

    phases = exhibit(
        "phases", 7, "phases",
        words("半导体指数与沪深300的五个阶段（2024-01-02 = 100）", "Semiconductor index and CSI 300 in five phases (2024-01-02 = 100)"),
        [column("sw", "半导体指数", "Semiconductor index", "line", of="index points"),
         column("csi", "沪深300", "CSI 300", "line", of="index points")],
        walks(date(2024, 1, 2), date(2025, 3, 19), [0.33, 0.15]),
        left=Axis(words("2024-01-02 = 100", "2024-01-02 = 100")),
        bands=[
            Band(period("2024-01-02/2024-02-05"), words("回落", "Fall"), words("年初流动性冲击", "Liquidity shock")),
            Band(period("2024-02-05/2024-05-20"), words("修复与分化", "Repair")),
            Band(period("2024-05-20/2024-09-23"), words("低位震荡等待催化", "Sideways, waiting for news"),
                 words("大基金三期成立", "Third phase of the fund set up")),
            Band(period("2024-09-23/2024-11-11"), words("急升", "Surge"), words("9月24日政策组合", "Policies of 24 September")),
            Band(period("2024-11-11/2025-03-19"), words("高位消化", "Digestion")),
        ],
    )  # fmt: skip
    year = exhibit(
        "cover", 8, "phases", words("过去12个月指数与基准", "Index against benchmark, 12 months"),
        [column("sw", "半导体", "Semiconductors", "line", of="%"), column("csi", "沪深300", "CSI 300", "line", of="%")],
        walks(date(2024, 3, 20), date(2025, 3, 19), [0.4, 0.1], seed=3), left=Axis(words("2024-03-20 = 100", "2024-03-20 = 100")),
    )  # fmt: skip
    chance = random.Random(5)
    models = []
    for n in range(60):
        day = date(2012, 6, 1) + timedelta(days=78 * n)
        size = 10 ** (17.5 + (day - date(2012, 6, 1)).days / 365 * 0.62 + chance.gauss(0, 0.6))
        text = f"{size:.1e}"
        models.append(
            Row(Words(f"模型-{n}", f"Model-{n}"), (Cell(Words(text, text), value=size, card="c1"),), Period(day, day),
                group="lvm"[n % 3])
        )  # fmt: skip
    fit_days = (date(2012, 6, 1), date(2025, 3, 1))
    leaf = Leaf("sample.trend", "", Period.parse("2024"), "Sample House", "", "4.2", unit("x"), None, DAY, "stated", "sample",
                "realised", False)  # fmt: skip
    scatter = exhibit(
        "compute", 9, "log-scatter", words("训练算力：每年增长约4倍", "Training compute grows about fourfold a year"),
        [column("flop", "训练算力", "Training compute", "point", of="x")], models,
        left=Axis(words("FLOP，对数轴", "FLOP, log axis"), log=True), header=words("模型", "Model"),
        groups=[("l", words("语言", "Language")), ("v", words("视觉", "Vision")), ("m", words("多模态", "Multimodal"))],
        fit=Fit(words("趋势：4.2倍/年", "Trend: 4.2× a year"), ((fit_days[0], 10**17.5), (fit_days[1], 10**25.4)), observed(leaf)),
    )  # fmt: skip
    steps = exhibit(
        "steps", 10, "steps", words("存储合约价（阶梯）", "Memory contract price"),
        [column("p", "DDR5 16Gb", "DDR5 16Gb", "line", of="USD")],
        [Row(Words(d, d), (cell(v, places=2),), Period.parse(d)) for d, v in (
            ("2024-01-31", 3.9), ("2024-03-29", 4.2), ("2024-06-28", 4.75), ("2024-08-30", 4.9), ("2024-11-29", None),
            ("2024-12-31", 4.6), ("2025-02-28", 4.4))],
        left=Axis(words("美元", "USD")),
    )  # fmt: skip
    samples = [
        Modelled("kv-cache", "kv_per_token", unit("x"), str(4**k), str(4**k), str(4**k), ()) for k in range(6)
    ]
    curve = exhibit(
        "curves", 20, "curves", words("采样次数与解出率", "Samples and problems solved"),
        [column("a", "解出率", "Solved", "line", of="%", group="a"), column("lo", "下界", "Low", "low", of="%", group="a"),
         column("hi", "上界", "High", "high", of="%", group="a"), column("b", "公布值", "Published", "point", of="%")],
        [Row(Words(x.literal, x.literal), (cell(16.0 + 8 * k), cell(13.0 + 8 * k), cell(18.5 + 8 * k),
                                          cell(24.5 if k == 1 else None)), x=modelled(x))
         for k, x in enumerate(samples)],
        left=Axis(words("解出率（%）", "Solved (%)")), header=words("采样次数", "Samples"),
    )  # fmt: skip
    return [phases, year, scatter, steps, curve]


def _by_row() -> list[Exhibit]:
    names = [("沪硅产业", "NSIG"), ("北方华创", "Naura"), ("中微公司", "AMEC"), ("寒武纪", "Cambricon"), ("海光信息", "Hygon"),
             ("长电科技", "JCET"), ("通富微电", "TFME"), ("拓荆科技（688072）", "Piotech (688072)")]  # fmt: skip
    dots = exhibit(
        "dots", 11, "ranked-dots", words("2024年至今涨跌幅", "Return since the beginning of 2024"),
        [column("r", "涨跌幅", "Return", "point", of="%")],
        [Row(Words(z, e), (cell(v, suffix="%", card="c1"),)) for (z, e), v in zip(
            names, [-12.0, 55.3, 38.1, 388.0, 102.4, 31.9, 12.2, None], strict=True)],
        left=Axis(words("%", "%")), header=words("公司", "Company"),
    )  # fmt: skip
    spans = exhibit(
        "ranges", 12, "ranges", words("2025年市场规模：各机构预测区间", "Market size 2025: range of forecasts"),
        [column("lo", "最低", "Low", "low"), column("hi", "最高", "High", "high"), column("mid", "中位", "Median", "point")],
        [Row(Words(z, e), tuple(cell(v, forecast=True) for v in vs), forecast=True) for z, e, vs in (
            ("全球半导体", "Semiconductors", (687.0, 730.0, 700.5)), ("存储", "Memory", (185.0, 210.0, 196.0)),
            ("晶圆代工", "Foundry", (155.0, 178.0, 165.0)), ("半导体设备", "Equipment", (110.0, 128.0, 121.0)),
            ("AI服务器", "AI servers", (160.0, None, None)))],
        left=Axis(words("十亿美元", "USD bn")), header=words("市场", "Market"),
    )  # fmt: skip
    heat = exhibit(
        "heat", 13, "heatmap", words("子行业区间涨跌幅", "Returns of sub-sectors"),
        [column(k, z, e, "bar", of="%") for k, z, e in (
            ("w", "近1周", "1 week"), ("m", "近1月", "1 month"), ("q", "近3月", "3 months"), ("y", "年初至今", "Year to date"),
            ("t", "近12月", "12 months"))],
        [Row(Words(z, e), tuple(cell(v, suffix="%", card="c1") for v in vs)) for z, e, vs in (
            ("半导体设备", "Equipment", (1.2, 4.4, -3.0, 8.8, 40.1)), ("数字芯片设计", "Digital design", (-2.2, 6.1, 14.0, 12.4, 71.9)),
            ("模拟芯片设计", "Analogue design", (-1.0, None, -6.6, -2.0, 5.5)), ("封测", "Packaging and test", (0.3, 1.1, -9.2, 3.1, 18.0)))],
        header=words("子行业", "Sub-sector"),
    )  # fmt: skip
    table = exhibit(
        "returns", 1, "table", words("区间涨跌幅与最大回撤", "Returns and maximum drawdown"),
        [Column("what", words("口径", "Basis"), "text", "left", None)]
        + [column(k, z, e, "text", of="%") for k, z, e in (
            ("w", "近1周", "1 week"), ("m", "近1月", "1 month"), ("y", "近12月", "12 months"), ("d", "最大回撤", "Drawdown"))],
        [Row(Words(z, e), (Cell(words("收盘价", "Close")), *(cell(v, suffix="%", card="c1") for v in vs))) for z, e, vs in (
            ("半导体（801081）", "Semiconductors (801081)", (1.2, 4.4, 40.1, -24.6)), ("沪深300", "CSI 300", (0.4, 2.0, 12.0, -11.1)),
            ("费城半导体", "PHLX", (-2.0, -9.9, None, -28.0)))],
        header=words("指数", "Index"), kind="table",
    )  # fmt: skip
    long_table = exhibit(
        "companies", 2, "table", words("各环节公司（按自身陈述）", "Companies by segment (own statements)"),
        [Column("seg", words("环节", "Segment"), "text", "left", None), Column("say", words("依据", "Statement"), "text", "left", None),
         column("share", "份额", "Share", "text", of="%")],
        [Row(Words(f"公司{n}", f"Company {n}"),
             (Cell(words("热处理", "Thermal")), Cell(words("年报第12页：主营热处理设备与薄膜沉积设备，另有清洗设备的在研项目",
              "Annual report, page 12: thermal and deposition equipment, with cleaning equipment in development")), cell(n * 0.7, suffix="%")))
         for n in range(1, 46)],
        header=words("公司", "Company"), kind="table", notes=[words("分类以公司陈述为准。", "Segments as stated by the company.")],
    )  # fmt: skip
    chain = exhibit(
        "chain", 14, "chain", words("从晶圆到服务器：产业链与自给率", "From wafer to server: stages and local shares"),
        [column("rate", "自给率", "Local share", "text", of="%")],
        [Row(Words(z, e), (cell(v, suffix="%", card="c1"),), group=g) for z, e, v, g in (
            ("硅片", "Wafers", 20.0, "a"), ("光刻胶", "Photoresist", 8.0, "a"), ("刻蚀", "Etch", 23.0, "b"),
            ("光刻", "Lithography", None, "b"), ("代工", "Foundry", 17.0, "c"), ("封测", "Packaging and test", 38.0, "d"))],
        header=words("环节", "Stage"),
        groups=[("a", words("材料", "Materials")), ("b", words("设备", "Equipment")), ("c", words("制造", "Foundries")),
                ("d", words("封测", "Packaging"))],
    )  # fmt: skip
    lanes = exhibit(
        "lanes", 16, "lanes", words("模型的训练路线", "How the models were trained"),
        [column("samples", "样本数", "Samples", "point", of="count"), column("score", "成绩", "Score", "point", of="%")],
        [Row(Words(z, e), (cell(s, places=0), cell(v, card="c1")), group=g, note=Words(z + "说明", "on " + e)) for z, e, s, v, g in (
            ("基座", "Base", None, 15.6, "a"), ("强化学习", "Reinforcement learning", None, None, "a"), ("R1-Zero", "R1-Zero", None, 71.0, "a"),
            ("样本", "Samples", 800000.0, None, "b"), ("微调", "Fine-tuning", None, None, "b"), ("蒸馏模型", "Distilled", None, 72.6, "b"))],
        header=words("步骤", "Step"),
        groups=[("a", words("纯强化学习", "Reinforcement learning")), ("b", words("蒸馏", "Distillation"))],
    )  # fmt: skip
    hole = exhibit(
        "cost", 15, "stacked100", words("数据中心成本构成", "Cost structure of a data centre"), [column("s", "份额", "Share", "bar", of="%")],
        [], status="hole", hole=words("公开证据中没有2025-03-20之前发布的成本拆分。", "No cost split published before 2025-03-20 is in evidence."),
    )  # fmt: skip
    return [dots, spans, heat, table, long_table, chain, lanes, hole]


def cards(lang: Lang) -> dict[str, Card]:
    zh = lang == "zh"
    inputs = tuple(
        CardInput(
            "全球半导体销售额" if zh else "World semiconductor sales",
            str(year),
            f"{value}{'亿美元' if zh else ' USD bn'}",
            "SIA/WSTS（官网）" if zh else "SIA/WSTS (own site)",
            f"{'发布' if zh else 'published'} {day} · stated",
            "https://example.org/a?b=1&c=<2>",
            ("首次发布",) if zh else ("first print",),
        )
        for year, value, day in ((2024, "627.6", "2025-02-07"), (2023, "526.8", "2024-02-05"))
    )
    return {
        "c1": Card("c1", "19.1%", "同比增速" if zh else "Growth on the year", "627.6 / 526.8 − 1", "19.11% – 19.16%", inputs),
        "c2": Card("c2", "627.6", "全球半导体销售额" if zh else "World semiconductor sales", "", "", inputs[:1]),
    }  # fmt: skip


def paragraph(lang: Lang) -> tuple[Text | Bound | ExhibitRef, ...]:
    if lang == "zh":
        return (
            Text("2024年全球半导体销售额为"), Bound("6276亿美元", "c2"), Text("，同比增长"), Bound("19.1%", "c1", True),
            Text("（见"), ExhibitRef("sales", "图 1"), Text("）。存储贡献了增量的大部分，而<逻辑 & 模拟>仍处于“去库存”阶段；"
            "我们认为2025年的主要变量是AI服务器的拉货节奏、HBM3E的良率以及CoWoS产能的爬坡，这三者都已写成可被数据推翻的条件。"),
        )  # fmt: skip
    return (
        Text("World semiconductor sales came to "), Bound("USD 627.6 bn", "c2"), Text(" in 2024, which "), Bound("rose 19.1%", "c1", True),
        Text(" on the year (see "), ExhibitRef("sales", "Figure 1"), Text("). Memory gave most of the increase, while <logic & analogue> "
        "still ran down stocks; what decides 2025 is the pace of AI server orders, the yield of HBM3E and the ramp of CoWoS "
        "capacity, and each of the three is written down as a condition that data can overturn."),
    )  # fmt: skip


def report(lang: Lang) -> Report:
    zh = lang == "zh"

    def say(a: str, b: str) -> str:
        return a if zh else b

    exhibits = {e.id: e for e in (*_over_time(), *_by_day(), *_by_row())}
    body: tuple[Block, ...] = (
        Heading(1, "1", say("行情回顾：五个阶段", "The market in five phases"), "ch1"),
        Paragraph(paragraph(lang)),
        Place(("phases",)),
        Paragraph(
            (Text(say("市场的分歧在于持续性。", "The dispute is about how long it lasts."), True),), "opinion"
        ),
        Place(("returns",)),
        Heading(2, "1.1", say("销售与存货", "Sales and inventories"), "ch1-1"),
        Paragraph(paragraph(lang)),
        Place(("sales", "inventory")),
        Bullets(
            (
                paragraph(lang),
                (Text(say("第二点：资本开支仍在上行。", "Second: capital expenditure still rises.")),),
            )
        ),
        Place(("capex", "shares")),
        Place(("grouped", "negative")),
        Paragraph((Text(say("注：本段为说明。", "Note: this paragraph explains.")),), "note"),
        Heading(1, "2", say("算力与供给", "Compute and supply"), "ch2"),
        Paragraph(paragraph(lang)),
        Place(("compute",)),
        Place(("steps", "dots")),
        Place(("curves",)),
        Place(("ranges", "heat")),
        Place(("chain",)),
        Place(("lanes",)),
        Place(("cost",)),
        Heading(2, "2.1", say("公司与环节", "Companies and segments"), "ch2-1"),
        Place(("companies",)),
    )
    appendix: tuple[Block, ...] = (
        Heading(1, "", say("附录：方法与可得性", "Appendix: method and availability"), "method"),
        Paragraph(
            (
                Text(
                    say(
                        "每个数字都能追溯到带日期的观测值。",
                        "Every number can be followed back to dated observations.",
                    )
                ),
            )
        ),
        Bullets(((Text(say("假定可得日期的观测占12%。", "12% of the points have an assumed day.")),),)),
    )
    return Report(
        lang,
        "sample",
        DAY,
        Cover(
            say("半导体 · 行业策略", "Semiconductors · sector strategy"),
            say("样例报告：从数据到结论", "Sample report: from data to conclusion"),
            say("可重建、可核对、可追责", "Rebuilt, checked, held to account"),
            say("强于大市（规则：12个月相对收益高于10%）", "Outperform (rule: 12-month relative return above 10%)"),
            (Paragraph(paragraph(lang)), Bullets(((Text(say("需求：云厂商资本开支增长", "Demand: cloud capex grew ")), Bound("55.1%", "c1")),
                                                   (Text(say("供给：先进封装仍紧", "Supply: advanced packaging is tight")),)))),
            "cover",
            ((say("数据截止", "Data as of"), "2025-03-20"), (say("假定日期占比", "Assumed days"), "12%"), (say("弱来源", "Weak sources"), "3")),
        ),
        body,
        appendix,
        exhibits,
        cards(lang),
        tuple(
            ThesisResult(
                f"t{n}",
                Words(z, e),
                status,
                ((Words("资本开支同比", "Capex YoY"), Words("55.1%", "55.1%"), status),),
                Words("低于20%为走弱，低于0为被推翻。", "Weakens below 20%, breaks below 0."),
                ("capex",),
                ("c1",),
            )
            for n, (z, e, status) in enumerate(
                (
                    ("算力需求仍在上行", "Compute demand still rises", "holds"),
                    ("存储价格进入上行周期", "Memory prices turn up", "weakening"),
                    ("成熟制程产能出清", "Mature capacity clears", "broken"),
                    ("端侧AI带动换机", "On-device AI renews phones", "unknown"),
                )
            )
        ),
    )  # fmt: skip
