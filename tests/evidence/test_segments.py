"""Which companies a segment had on a day, and on whose word."""

from __future__ import annotations

from datetime import date

import pytest

from waferline.errors import BadInput
from waferline.evidence.model import Source
from waferline.evidence.segments import members, read_segments

HEADER = "company,ticker,country,segment,side,basis,stated_by,source,stated_on,note"
REPORT = "甲公司,1.SH,CN,etch,domestic,reference_report,X,x,2025-03-20,table"
FILING = "甲公司,1.SH,CN,etch,domestic,filing,甲公司,x,2025-04-30,"
UNDATED = "乙公司,2.SH,CN,etch,domestic,company_profile,Y,x,,"
SOURCES = {"x": Source("x", "某社", "X", "press", "", "", "")}


@pytest.fixture
def folder(tmp_path):
    def write(*rows: str, header: str = HEADER):
        (tmp_path / "segments.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
        return tmp_path

    return write


def test_a_statement_is_known_from_its_day_and_an_undated_one_never(folder):
    rows = read_segments(folder(REPORT, UNDATED), SOURCES)

    assert members(rows, "etch", "domestic", date(2025, 3, 19)) == ()
    assert [m.name_zh for m in members(rows, "etch", "domestic", date(2026, 1, 1))] == ["甲公司"]


def test_a_company_is_asserted_until_somebody_else_says_so(folder):
    rows = read_segments(folder(REPORT, FILING), SOURCES)

    assert members(rows, "etch", "domestic", date(2025, 3, 20))[0].asserted
    assert not members(rows, "etch", "domestic", date(2025, 4, 30))[0].asserted


def test_english_names_come_by_ticker_and_by_name(folder):
    root = folder(REPORT)
    assert read_segments(root, SOURCES)[0].company_en == "甲公司"
    (root / "company_names.csv").write_text("company,name_en\n甲公司,Alpha\n", encoding="utf-8")

    assert read_segments(root, SOURCES)[0].company_en == "Alpha"


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (REPORT.replace("domestic", "home"), "segments.csv:2:side"),
        (REPORT.replace(",x,", ",y,"), "segments.csv:2:source"),
        (REPORT.replace("2025-03-20", "20 March"), "segments.csv:2:stated_on"),
        (REPORT + ",more", "segments.csv:2"),
    ],
)
def test_a_bad_row_is_refused_at_its_line(folder, row, where):
    with pytest.raises(BadInput) as error:
        read_segments(folder(row), SOURCES)

    assert error.value.where == where


@pytest.mark.parametrize("data", [b"\xff", b'"never closed', b"x" * 200_000])
def test_bytes_that_are_no_table_are_one_clear_line(folder, data):
    root = folder(REPORT)
    (root / "segments.csv").write_bytes(HEADER.encode() + b"\n" + data)

    with pytest.raises(BadInput, match=r"^segments\.csv.*not (UTF-8|CSV)"):
        read_segments(root, SOURCES)


def test_a_missing_column_is_refused(folder):
    with pytest.raises(BadInput, match="a column is missing"):
        read_segments(folder(header=HEADER.replace(",note", "")), SOURCES)


def test_a_study_without_the_table_has_no_statements(tmp_path):
    assert read_segments(tmp_path, SOURCES) == ()
