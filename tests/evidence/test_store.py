"""The store is rebuilt when anything changed, and true whatever happens to the process or the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from waferline.evidence import Evidence, cache, parts, store
from waferline.evidence.table import AS_OF_COLUMNS

FIRST = {"published": "2025-02-07", "url": "https://example.org/sia"}
DAY = date(2025, 3, 20)


def world(evidence):
    return evidence.as_of(DAY).observation("wsts.sales.world", "2024").literal


def refuse_reading(*_):
    raise AssertionError("read the CSV again")


def entry_of(cache_dir: Path) -> Path:
    (only,) = (cache_dir / "evidence").iterdir()
    return only


@pytest.fixture
def study(write):
    return write(FIRST)


def test_a_second_opening_reads_the_store_and_not_the_csv(study, tmp_path, monkeypatch):
    first = Evidence.open(study, tmp_path / "cache")
    monkeypatch.setattr(parts, "read_observations", refuse_reading)

    second = Evidence.open(study, tmp_path / "cache")

    about = "wsts.sales.world", "2024"
    assert second.revisions(*about) == first.revisions(*about)
    assert (second.digest, second.first_day, second.lint()) == (first.digest, first.first_day, first.lint())


def test_any_changed_byte_makes_another_store(study, tmp_path):
    before = Evidence.open(study, tmp_path / "cache").digest
    file = study / "evidence" / "observations" / "a.csv"
    stat = file.stat()
    file.write_text(file.read_text("utf-8").replace("627.6", "627.7"), "utf-8")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    after = Evidence.open(study, tmp_path / "cache")

    assert world(after) == "627.7"
    assert after.digest != before


def test_a_changed_raw_file_makes_another_store(study, tmp_path):
    raw = study / "evidence" / "raw" / "models.csv"
    raw.parent.mkdir()
    raw.write_text("a", "utf-8")
    before = Evidence.open(study, tmp_path / "cache").digest
    raw.write_text("b", "utf-8")

    assert Evidence.open(study, tmp_path / "cache").digest != before


@pytest.mark.parametrize("damage", ["torn", "altered", "no manifest", "empty manifest", "no table"])
def test_a_damaged_entry_is_made_anew(study, tmp_path, damage):
    Evidence.open(study, tmp_path / "cache")
    entry = entry_of(tmp_path / "cache")
    table, manifest = entry / "observations.parquet", entry / cache.MANIFEST
    content = table.read_bytes()
    if damage == "torn":
        table.write_bytes(content[: len(content) // 2])
    elif damage == "altered":
        table.write_bytes(content.replace(b"627.6", b"999.9"))
    elif damage == "no manifest":
        manifest.unlink()
    elif damage == "empty manifest":
        manifest.write_text("{}", "utf-8")
    else:
        table.unlink()

    assert world(Evidence.open(study, tmp_path / "cache")) == "627.6"
    assert cache.is_sound(entry_of(tmp_path / "cache"))


def test_a_cache_that_cannot_be_written_is_done_without(study, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be", "utf-8")

    evidence = Evidence.open(study, tmp_path / "cache")

    assert world(evidence) == "627.6"
    assert evidence.as_of_table(DAY).num_rows == 1


def test_a_full_disk_leaves_nothing_half_written(study, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.table, "copy_to", full)

    assert world(Evidence.open(study, tmp_path / "cache")) == "627.6"
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_many_openers_at_once_agree(study, tmp_path):
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: world(Evidence.open(study, tmp_path / "cache")), range(16)))

    assert set(seen) == {"627.6"}
    assert cache.is_sound(entry_of(tmp_path / "cache"))


def test_one_evidence_serves_many_threads(study, tmp_path):
    evidence = Evidence.open(study, tmp_path / "cache")
    barrier = threading.Barrier(8)

    def ask(_):
        barrier.wait()
        return world(evidence), evidence.as_of_table(DAY).num_rows

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {("627.6", 1)}


WRITER = """
import sys, time
from pathlib import Path
from waferline.evidence import Evidence, cache, table

stage, what = sys.argv[3:]
real_copy, real_move = table.copy_to, cache._move_into_place

def hang(path):
    if path.parent.name == what:
        print("here", flush=True)
        time.sleep(60)

def copy(connection, query, file):
    if stage == "half a table":
        file.write_bytes(b"PAR1 and no more")
        hang(file.parent)
    real_copy(connection, query, file)
    if stage == "no manifest":
        hang(file.parent)

def move(fresh, target):
    if stage == "not renamed":
        hang(target)
    real_move(fresh, target)
    hang(target)

table.copy_to, cache._move_into_place = copy, move
Evidence.open(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("what", ["observations", "evidence"])
@pytest.mark.parametrize("stage", ["half a table", "no manifest", "not renamed", "renamed"])
def test_a_writer_killed_at_any_moment_leaves_a_store_that_opens(study, tmp_path, stage, what):
    arguments = [sys.executable, "-c", WRITER, str(study), str(tmp_path / "cache"), stage, what]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    ) as writer:
        assert writer.stdout.readline() == b"here\n"
        writer.send_signal(signal.SIGKILL)

    assert world(Evidence.open(study, tmp_path / "cache")) == "627.6"
    sound = [path for path in (tmp_path / "cache" / "evidence").iterdir() if cache.is_sound(path)]
    assert [path.name for path in sound if not path.name.startswith("new-")] != []


def test_what_killed_writers_left_is_cleared_by_a_later_one(study, tmp_path):
    Evidence.open(study, tmp_path / "cache")
    left = tmp_path / "cache" / "evidence" / "new-killed"
    left.mkdir()
    os.utime(left, (0, 0))
    (study / "evidence" / "more.txt").write_text("another store", "utf-8")

    Evidence.open(study, tmp_path / "cache")

    assert not left.exists()


def test_the_table_of_a_day_has_declared_columns_for_any_number_of_rows(study, tmp_path):
    evidence = Evidence.open(study, tmp_path / "cache")

    one, none = evidence.as_of_table(DAY), evidence.as_of_table(date(2000, 1, 1))

    assert one.column_names == none.column_names == list(AS_OF_COLUMNS)
    assert one.schema == none.schema
    assert one.select(["series", "period", "value", "literal", "url"]).to_pylist() == [
        {
            "series": "wsts.sales.world",
            "period": "2024",
            "value": 627.6,
            "literal": "627.6",
            "url": FIRST["url"],
        }
    ]


def test_evidence_without_rows_opens(write, tmp_path):
    evidence = Evidence.open(write(), tmp_path / "cache")

    assert (evidence.first_day, evidence.newest_realised_day) == (None, None)
    assert evidence.as_of_table(DAY).num_rows == 0


def test_first_and_newest_day_are_those_rows_became_known(opened):
    forecast = {"series": "forecast.semi_market.world", "period": "2025", "published": "2026-06-02"}
    evidence = opened(FIRST, {"period": "2023", "published": "2024-02-05"}, forecast)

    assert (evidence.first_day, evidence.newest_realised_day) == (date(2024, 2, 5), date(2025, 2, 7))


def test_rows_read_together_are_those_read_one_by_one(study, tmp_path):
    one, many = (Evidence.open(study, tmp_path / "cache") for _ in range(2))
    many.prefetch(["wsts.sales.world", "chip.tdp", "no.such.series"])

    assert many.revisions("wsts.sales.world", "2024") == one.revisions("wsts.sales.world", "2024")
