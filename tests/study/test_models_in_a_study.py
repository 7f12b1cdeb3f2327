"""Models in expressions: numbers with an interval and their inputs on the card, never a number typed into a sentence."""

from datetime import date

import pytest

from waferline.build.build import open_evidence
from waferline.errors import BadInput, NotKnown
from waferline.quantity.quantity import Modelled
from waferline.study.evaluation import evaluate, evaluate_quantity
from waferline.study.exhibit_files import load_exhibit
from waferline.study.exhibits import fill
from waferline.study.sourcing import card
from waferline.study.values import Scope

TABLE = """
title = { zh = "缓存", en = "Cache" }
chart = "table"
row_header = { zh = "模型", en = "Model" }
made_by = "computed"

[[rows.items]]
label = { zh = "甲", en = "T" }
name = "architecture=T"

[[columns]]
key = "kv"
name = { zh = "每token", en = "Per token" }
unit = "kB"
places = 3
expr = 'output("kv-cache", "kv_per_token", name)'

[[columns]]
key = "top"
name = { zh = "上界", en = "Upper end" }
unit = "GB"
places = 3
expr = 'high(output("kv-cache", "kv_per_request", name))'
"""


@pytest.fixture
def known(tmp_path):
    from mini_study import write_study

    root = write_study(tmp_path / "study")
    (root / "models").mkdir()
    (root / "models" / "architectures.csv").write_text(
        "name,attention,layers,kv_heads,head_dim,public,source,url\n"
        "T,gqa,126,8,128,2024-07-23,a paper,https://example.org/paper\n"
    )
    (root / "models" / "kv-cache.toml").write_text(
        '[inputs.context]\nlow = "1000"\ncentral = "2000"\nhigh = "4000"\nsource = "a survey"\n'
    )
    (root / "exhibits" / "tab09.toml").write_text(TABLE, "utf-8")
    return open_evidence(root, tmp_path / "cache").as_of(date(2025, 3, 20))


def ask(known, text):
    return evaluate_quantity(text, Scope(known, "chapter.md:7"))


def test_an_output_carries_its_interval_and_its_inputs(known):
    found = ask(known, 'output("kv-cache", "kv_per_request", "architecture=T")')
    assert isinstance(found.trace, Modelled)
    assert float(found.value) == pytest.approx(516096 * 2000 / 1e9)
    assert float(found.interval.low) == pytest.approx(0.516, rel=0.05)
    told = {each.name.split(" ")[0]: (each.value, each.source) for each in found.trace.inputs}
    assert told["architecture"] == ("T", "a paper")
    assert told["context"] == ("1000 / 2000 / 4000 tokens", "a survey")


def test_its_card_names_model_formula_inputs_and_interval(known):
    found = ask(known, 'output("kv-cache", "kv_per_request", "architecture=T")')
    shown = card("n1", found, "1.0 GB", known, "en")
    assert "KV cache" in shown.title and "layers" in shown.formula
    assert shown.interval.endswith("(80% interval)")
    assert [each.source for each in shown.inputs if each.name.startswith("architecture")] == ["a paper"]


def test_an_exhibit_lists_who_says_so(known):
    exhibit = fill(load_exhibit(known.study, "tab09", ()), 1, known, None)
    assert exhibit.status == "shown"
    assert exhibit.rows[0].cells[0].text.en == "516.096"
    listed = {(entry.text.en, entry.url) for entry in exhibit.source_list}
    assert ("a paper", "https://example.org/paper") in listed and ("a survey", "") in listed


def test_a_cell_of_a_matrix_gives_number_interval_and_verdict(known):
    models = known.study / "models"
    (models / "chips.csv").write_text("name,memory [GB],bandwidth [GB/s],source\nC,1,100,a sheet\n")
    (models / "edge.toml").write_text(
        "".join(
            f'[inputs.{name}]\nvalue = "{value}"\nsource = "a test"\n'
            for name, value in (("runtime_memory", 0), ("app_memory_share", 1), ("layer_time", 0))
        )
        + '[inputs.bandwidth_efficiency]\nlow = "0.4"\nhigh = "0.6"\nsource = "a test"\n'
    )
    (models / "architectures.csv").write_text(
        "name,parameters [bn parameters],layers,source\nsmall,0.25,1,a paper\nlarge,25,1,a paper\n"
    )
    # 0.5 GB of 16-bit weights at 50 GB/s are 100 tokens/s, in eight of ten draws 84 to 116; 50 GB do not fit into one.
    ask = 'verdict("edge", "tokens_per_second", 0, "chip=C", "architecture={}")'
    small, large = (evaluate(ask.format(name), Scope(known, "x")).text for name in ("small", "large"))
    assert (small.zh, small.en) == ("100（84–116）带宽", "100 (84–116) bandwidth")
    assert (large.zh, large.en) == ("0 内存", "0 memory")


@pytest.fixture
def pools(known):
    models = known.study / "models"
    (models / "segments.csv").write_text("name,of,counted_in,source\netch,equipment,all,a table\n")
    (models / "self-reliance.toml").write_text(
        "".join(
            f'[inputs.{name}]\nvalue = "{value}"\nsource = "a test"\n'
            for name, value in (("purchases", "40 USD bn"), ("part", 0.2))
        )
        + '[inputs.share]\nlow = "0.4"\nhigh = "0.6"\nsource = "a test"\n'
    )
    return known


def test_a_cell_of_a_table_gives_number_and_interval_in_the_unit_people_read(pools):
    # 8 USD bn of etch; shares from 0.4 to 0.6 lie in eight of ten draws between 0.42 and 0.58
    pool = evaluate('estimate("self-reliance", "pool", 1, "segment=etch")', Scope(pools, "x")).text
    assert (pool.zh, pool.en) == ("4.0（3.4–4.6）", "4.0 (3.4–4.6)")
    share = evaluate('estimate("self-reliance", "share", 0, "segment=etch")', Scope(pools, "x")).text
    assert share.en == "50 (42–58)"


def test_a_finding_is_the_verdict_in_words(pools):
    found = evaluate('finding("self-reliance", "segment=etch")', Scope(pools, "x"))
    assert found.text.zh == "情景，未对账"


def test_an_output_left_out_for_want_of_an_input_and_a_row_that_asks_nothing_are_gaps(pools):
    with pytest.raises(NotKnown, match="does not give reported"):
        ask(pools, 'output("self-reliance", "reported", "segment=etch")')
    with pytest.raises(NotKnown, match="asks nothing"):
        ask(pools, 'output("self-reliance", "pool", "")')


def test_a_record_that_is_not_known_on_the_day_is_not_known(known):
    known.day = date(2024, 1, 1)
    with pytest.raises(NotKnown, match="public from 2024-07-23"):
        ask(known, 'output("kv-cache", "kv_per_token", "architecture=T")')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('output("kv-cache", "kv_per_token", "context=5")', "models/kv-cache.toml"),
        ('output("kv-cash", "kv_per_token")', "unknown model"),
        ('output("kv-cache", "price", "architecture=T")', "no such output"),
        ('output("kv-cache", "kv_per_token", "T")', "not a setting"),
        ('output("kv-cache", "kv_per_token", "architecture=U")', "unknown architecture"),
        ('output("kv-cache", "kv_per_token", "scenario=bull")', "no such scenario"),
        ('low(level("sia.sales_year.world", "2024"))', "only what a model gave"),
        ('verdict("kv-cache", "kv_per_token", 0, "architecture=T")', "no verdict"),
    ],
)
def test_what_cannot_be_asked_is_one_line_with_its_place(known, text, says):
    with pytest.raises(BadInput) as caught:
        ask(known, text)
    assert says in str(caught.value) and str(caught.value).startswith("chapter.md:7")


def test_rows_over_the_years_of_a_scenario_are_periods(known):
    growing = (
        "users",
        "chat_tokens",
        "reasoning_tokens",
        "agents_tokens",
        "work_per_token",
        "training",
        "chip_speed",
    )
    plain = ("inference_utilisation", "training_utilisation")
    inputs = {"start": 2024, "years": 3, **dict.fromkeys(plain, 0.5)}
    inputs |= dict.fromkeys(growing, 10) | {f"{name}_growth": 2 for name in growing}
    (known.study / "models" / "compute-demand.toml").write_text(
        "".join(
            f'[inputs.{name}]\nvalue = {value}\nsource = "a scenario"\n' for name, value in inputs.items()
        )
    )
    (known.study / "exhibits" / "tab08.toml").write_text(
        """title = { zh = "情景", en = "Scenario" }
chart = "table"
row_header = { zh = "年份", en = "Year" }
made_by = "computed"

[rows]
values = 'outputs("compute-demand", "year")'

[[columns]]
key = "chat"
name = { zh = "对话", en = "Chat" }
unit = "GPU hours"
expr = 'output_at("compute-demand", "chat_hours", i)'
""",
        "utf-8",
    )
    exhibit = fill(load_exhibit(known.study, "tab08", ()), 1, known, None)
    assert [row.label.zh for row in exhibit.rows] == ["2024", "2025", "2026"]
    assert [str(row.period) for row in exhibit.rows] == ["2024", "2025", "2026"]
