"""What sentences say of the table they stand beside."""

from __future__ import annotations

from waferline.audit import audit_text


def _of(text: str, relation: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """The findings of one relation: (verdict, stated, operands)."""
    return [
        (f.verdict, f.stated.text, tuple(s.text for s in f.inputs))
        for f in audit_text(text).findings
        if f.relation == relation
    ]


APPLIANCES = """从零售量来看，家电在国补后的增长显著高于国补前，增长值至少为5.8pct，其中空调增长值最多，达到了43.5pct。

表7 补贴前后家电零售量变化情况

\t彩电零售量(万台)\t空调零售量(万台)\t彩电 YoY\t家用空调 YoY
2023年1-8月\t1090.24\t2069.14\t\t
2023年9-12月\t634.17\t563.70\t\t
2024年1-8月\t1056.07\t2282.20\t-3.13%\t10.30%
2024年9-12月\t650.89\t867.13\t2.64%\t53.83%
"""


def test_points_between_two_rows_of_a_growth_column() -> None:
    assert _of(APPLIANCES, "difference") == [
        ("consistent", "5.8pct", ("2.64%", "-3.13%")),
        ("consistent", "43.5pct", ("53.83%", "10.30%")),
    ]


def test_points_that_no_pair_of_rows_gives_accuse_nobody() -> None:
    assert _of(APPLIANCES.replace("5.8pct", "8.5pct"), "difference") == [
        ("consistent", "43.5pct", ("53.83%", "10.30%")),
    ]


def test_a_price_in_the_prose_times_a_row() -> None:
    text = """The rental price is $2 per hour.

Training costs | Pre-training | Post-training | Total
in GPU hours | 2664K | 5K | 2669K
in USD | $5.328M | $0.01M | $5.338M
"""
    found = _of(text, "product")
    assert ("consistent", "$5.328M", ("2664K", "$2 per hour")) in found
    assert {verdict for verdict, _, _ in found} == {"consistent"}


def test_a_caption_with_a_bar_is_no_table() -> None:
    text = "Table 1 | Costs, assuming a price of $2 per hour.\n\nSales were $12.5 million, of which $5.0 million (40%) abroad.\n"
    assert ("consistent", "40%", ("$5.0 million", "$12.5 million")) in _of(text, "share")


def test_a_sum_of_a_column_without_a_total() -> None:
    text = """The two labs below spent ${} million between them.

Lab | 2025 ($ million) | 2024 ($ million)
Dresden | 644 | 598
Grenoble | 402 | 377
"""
    assert _of(text.format("1,046"), "sum") == [("consistent", "$1,046 million", ("644", "402"))]
    assert _of(text.format("1,406"), "sum") == [("inconsistent", "$1,406 million", ("644", "402"))]
    assert _of(text.format("1,203"), "sum") == []  # no slip explains it: another thing, likelier


def test_kilowatt_hours_of_a_head_are_those_of_the_sentence() -> None:
    text = """三个厂区全年耗电共38.1亿千瓦时。

厂区\t耗电（亿千瓦时）\t上年（亿千瓦时）
临港\t16.8\t15.9
无锡\t12.7\t12.1
西安\t8.6\t8.8
"""
    assert _of(text, "sum") == [("consistent", "38.1亿千瓦时", ("16.8", "12.7", "8.6"))]


def test_a_cell_said_with_swapped_digits() -> None:
    text = """Cloud revenue was ${} billion in 2023.

$ billion | 2022 | 2023
Search | 224.5 | 237.9
Cloud | 26.3 | 33.1
"""
    assert _of(text.format("33.1"), "text_vs_table") == [("consistent", "$33.1 billion", ("33.1",))]
    assert _of(text.format("31.3"), "text_vs_table") == [("inconsistent", "$31.3 billion", ("33.1",))]


def test_another_columns_metric_is_not_the_cell_meant() -> None:
    text = """Cloud profit was $31.3 billion in 2023.

$ billion | 2023 revenue | 2023 cost
Search | 237.9 | 101.4
Cloud | 33.1 | 28.0
"""
    assert _of(text, "text_vs_table") == []
