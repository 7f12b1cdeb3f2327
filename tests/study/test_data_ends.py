"""Where data end clearly before the day, the exhibit, the thesis and the appendix say up to when they run."""

from __future__ import annotations

from datetime import date

from mini_study import FILES

from waferline.study.assembly import assemble
from waferline.study.exhibits import fill
from waferline.study.report import Bullets, Words
from waferline.study.sourcing import Cards
from waferline.study.theses import judge

FIG01 = "exhibits/fig01.toml"
LATE, IN_TIME = date(2027, 4, 1), date(2026, 3, 1)
NOTE = Words(
    "证据中的数据止于2025年，其后各期未收录", "the evidence runs up to 2025; later periods are not in it"
)


def test_an_exhibit_says_up_to_when_its_data_run(loaded, mini_evidence):
    spec = loaded({FIG01: FILES[FIG01].replace('"2024"', '"2025"')}).exhibits["fig01"]

    assert NOTE in fill(spec, 1, mini_evidence.as_of(LATE), None).notes
    assert NOTE not in fill(spec, 1, mini_evidence.as_of(IN_TIME), None).notes


def test_an_exhibit_that_stops_before_its_series_says_nothing(loaded, mini_evidence):
    assert not fill(loaded().exhibits["fig01"], 1, mini_evidence.as_of(LATE), None).notes


def test_a_measure_says_that_nothing_later_is_in_the_evidence(loaded, mini_evidence):
    thesis = loaded().theses[0]

    def value(day):
        known = mini_evidence.as_of(day)
        return judge(thesis, known, Cards(known, "en")).measures[0][1]

    assert value(LATE).en == "25.6% (2025, later ones not in the evidence)"
    assert value(LATE).zh == "25.6%（2025年，其后未收录）"
    assert value(IN_TIME).en == "25.6% (2025)"


def test_the_appendix_lists_the_series_that_end_early(loaded, mini_evidence):
    def listed(day):
        report = assemble(loaded(), mini_evidence.as_of(day), "en").report
        return [
            "".join(run.text for run in item)
            for block in report.appendix
            if isinstance(block, Bullets)
            for item in block.items
        ]

    assert "2025: World semiconductor sales" in listed(LATE)
    assert "2025: World semiconductor sales" not in listed(IN_TIME)
