"""Bad evidence is answered with file, line and column, and what would be right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from waferline.errors import BadInput
from waferline.evidence import Evidence


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        (
            {"series": "wsts.sale.world"},
            r":3:series: unknown series: .*'wsts\.sale\.world'\. Try: wsts\.sales\.world",
        ),
        ({"source": "pres"}, r":3:source: unknown source: .*Try: press"),
        ({"period": "2024-13"}, r":3:period: .*2024-13"),
        ({"value": "1,234"}, r":3:value: no decimal number: .*'1,234'"),
        ({"value": "约600"}, r":3:value: no decimal number"),
        ({"value": ""}, r":3:value: .*Try: leave the row out"),
        ({"value": "nan"}, r":3:value: no decimal number"),
        ({"value": "６２７.６"}, r":3:value: no decimal number"),
        ({"value": "1e999999999"}, r":3:value: no decimal number"),
        ({"unit": "USD bm"}, r":3:unit: unknown unit: .*Try: .*USD bn"),
        ({"unit": "TWD mn"}, r":3:unit: a unit that wsts\.sales\.world cannot be told in: expected USD bn"),
        (
            {"published": "2025-02-30"},
            r":3:published: no day: expected such as 2024-01-02, found '2025-02-30'",
        ),
        ({"published": "20250207"}, r":3:published: no day"),
        ({"public_by": "2062-02-07"}, r":3:public_by: a day after the row was recorded: expected 2026-11-23"),
        ({"print": "frist"}, r":3:print: unknown value: expected first \| later, found 'frist'\. Try: first"),
        ({"kind": "actual"}, r":3:kind: unknown value: expected realised \| forecast"),
        (
            {"value": "1", "published": "2025-02-07"},
            r":2: two values of wsts\.sales\.world 2024 .*:3 \(stated\)",
        ),
    ],
)
def test_a_bad_cell_is_named_by_file_line_and_column(write, tmp_path, cells, complaint):
    study = write({"published": "2025-02-07"}, cells)

    with pytest.raises(BadInput, match=r"^observations/a\.csv" + complaint):
        Evidence.open(study, tmp_path / "cache")


@pytest.mark.parametrize(
    ("table", "old", "new", "complaint"),
    [
        ("series.csv", "known_after,", "", r"series\.csv:1: missing column: expected known_after"),
        ("series.csv", ",year,", ",yearly,", r"series\.csv:2:frequency: unknown value: .*Try: year"),
        ("series.csv", "WSTS,40", "WSTS,soon", r"series\.csv:2:known_after: no whole number of days"),
        ("series.csv", "USD bn", "USD bnn", r"series\.csv:2:unit: unknown unit"),
        (
            "series.csv",
            "tsmc.revenue.monthly",
            "wsts.sales.world",
            r"series\.csv:4:id: an id that is empty or given",
        ),
        ("sources.csv", ",publisher,", ",gossip,", r"sources\.csv:2:tier: unknown value: expected official"),
        (
            "observations/a.csv",
            "url\n",
            "uri\n",
            r"observations/a\.csv:1: unknown or repeated column: .*found uri",
        ),
        (
            "observations/a.csv",
            "627.6,",
            "627,6,",
            r"observations/a\.csv:2: wrong number of cells: expected 15",
        ),
        ("observations/a.csv", ",2024,", ',"2024,', r"observations/a\.csv:\d+: not CSV"),
    ],
)
def test_a_bad_table_is_named(write, tmp_path, table, old, new, complaint):
    study = write({"published": "2025-02-07"})
    file = study / "evidence" / table
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(BadInput, match="^" + complaint):
        Evidence.open(study, tmp_path / "cache")


def test_a_file_that_is_not_utf8_is_named(write, tmp_path):
    study = write({})
    (study / "evidence" / "observations" / "b.csv").write_bytes("series,全球".encode("gb18030"))

    with pytest.raises(BadInput, match=r"^observations/b\.csv: not UTF-8"):
        Evidence.open(study, tmp_path / "cache")


@pytest.mark.parametrize(
    ("name", "target"),
    [("zero.csv", "/dev/zero"), ("observations/b.csv", "../../../elsewhere.csv"), ("lost.csv", "nowhere.csv"),
     ("raw", "../../elsewhere"), ("raw", "observations"), ("loop.csv", "loop.csv")],
)  # fmt: skip
def test_a_link_that_is_no_file_of_the_study_is_named(write, tmp_path, name, target):
    study = write({})
    (tmp_path / "elsewhere.csv").write_text("a")
    (tmp_path / "elsewhere").mkdir()
    (study / "evidence" / name).symlink_to(target)

    with pytest.raises(BadInput, match=f"^evidence/{name}: (a link out of the study folder|not a file)"):
        Evidence.open(study, tmp_path / "cache")


def test_a_pipe_is_never_opened_and_a_folder_is_no_table(write, tmp_path):
    study = write({})
    os.mkfifo(study / "evidence" / "pipe.csv")
    with pytest.raises(BadInput, match=r"^evidence/pipe\.csv: not a file"):
        Evidence.open(study, tmp_path / "cache")

    (study / "evidence" / "pipe.csv").unlink()
    (study / "evidence" / "observations" / "b.csv").mkdir()
    with pytest.raises(BadInput, match=r"^observations/b\.csv: the file cannot be read"):
        Evidence.open(study, tmp_path / "cache")


def test_an_empty_file_and_a_missing_folder_are_named(write, tmp_path):
    study = write({})
    (study / "evidence" / "observations" / "b.csv").write_bytes(b"")

    with pytest.raises(BadInput, match=r"^observations/b\.csv:1: missing column.*found an empty file"):
        Evidence.open(study, tmp_path / "cache")
    with pytest.raises(BadInput, match="no evidence: expected a folder evidence/"):
        Evidence.open(tmp_path / "elsewhere", tmp_path / "cache")


def test_the_line_of_a_row_is_right_after_a_note_of_two_lines(write, tmp_path):
    study = write({"note": "first\nsecond"}, {"period": "2023", "value": "x"})

    with pytest.raises(BadInput, match=r"a\.csv:4:value"):
        Evidence.open(study, tmp_path / "cache")


def test_nothing_is_left_in_the_cache_after_a_refusal(write, tmp_path):
    with pytest.raises(BadInput):
        Evidence.open(write({"value": "x"}), tmp_path / "cache")

    assert not list((tmp_path / "cache").rglob("*.parquet"))


def test_empty_cells_take_the_series_house_unit_and_kind(opened):
    (row,) = opened({"unit": "", "by": "", "kind": ""}).revisions("wsts.sales.world", "2024")

    assert (row.unit, row.by, row.kind, row.file, row.line) == (
        "USD bn",
        "WSTS",
        "realised",
        "observations/a.csv",
        2,
    )


def test_raw_tables_enter_as_rows_with_a_subject(write, tmp_path):
    def raw_rows(folder: Path):
        base = {"series": "chip.tdp", "unit": "W", "by": "", "edition": "", "published": "", "public_by": ""}
        yield base | {
            "subject": "H100", "period": "2022-03-22", "value": "700", "recorded": "2026-11-23",
            "print": "first",
            "kind": "", "source": "press", "note": "", "file": "raw/hardware.csv", "line": "7",
        }  # fmt: skip

    evidence = Evidence.open(write({}), tmp_path / "cache", extra_rows=raw_rows)

    (row,) = evidence.revisions("chip.tdp", "2022-03-22", "H100")
    assert (row.literal, str(row.known_from), row.basis, row.file, row.line) == (
        "700", "2022-03-22", "assumed", "raw/hardware.csv", 7,
    )  # fmt: skip
