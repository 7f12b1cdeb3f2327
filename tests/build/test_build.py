"""Building: the same inputs give the same bytes, and a fault is one line with nothing written."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from datetime import date

import pytest
from mini_study import FILES, write_study

from waferline.build.build import build, check, open_evidence, snapshot
from waferline.errors import BadInput


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "timings.json"}


def test_two_builds_of_the_same_inputs_are_byte_identical(built, tmp_path):
    one, two = (built(tmp_path / name, cache=tmp_path / f"cache-{name}").out for name in ("one", "two"))

    assert files(one) == files(two)


def test_a_build_of_another_process_with_another_hash_seed_is_byte_identical(built, mini_root, tmp_path):
    script = """
        import sys
        from datetime import date
        from pathlib import Path
        from waferline.build.build import build

        root, out, cache = map(Path, sys.argv[1:])
        build(root, out, day=date(2025, 3, 20), langs=("zh", "en"), formats=(), cache=cache)
    """
    there = tmp_path / "there"
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(mini_root), str(there), str(tmp_path / "cache")],
        check=True, env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai"},
    )  # fmt: skip

    assert files(there) == files(built().out)


def test_where_the_study_lies_changes_no_byte(built, tmp_path):
    moved, cache = write_study(tmp_path / "elsewhere" / "study"), tmp_path / "cache"
    build(moved, tmp_path / "two", day=date(2025, 3, 20), langs=("zh", "en"), formats=(), cache=cache)

    assert files(tmp_path / "two") == files(built().out)


def test_data_that_changed_leaves_no_stale_figure(built, tmp_path, cache):
    name = "evidence/observations/a.csv"
    changed = write_study(tmp_path / "changed", {name: FILES[name].replace(",627.6,", ",627.7,")})
    build(changed, tmp_path / "two", day=date(2025, 3, 20), langs=("zh", "en"), formats=(), cache=cache)

    assert b"627.7" in files(tmp_path / "two")["build.json"]
    assert b"627.6" not in files(tmp_path / "two")["build.json"]


def test_without_a_day_the_newest_realised_row_decides(built):
    assert built(day=None).as_of == date(2026, 11, 23)


@pytest.mark.parametrize("day", [date(2023, 2, 1), date(1, 1, 1)])
def test_a_day_before_all_evidence_is_refused_with_nothing_written(built, tmp_path, day):
    with pytest.raises(BadInput, match=r"before all evidence: expected 2023-02-02 or later"):
        built(day=day)
    assert not (tmp_path / "out").exists()


def test_the_first_day_of_all_evidence_is_built(built):
    assert built(day=date(2023, 2, 2)).as_of == date(2023, 2, 2)


def test_a_study_without_observations_is_refused(tmp_path, cache):
    name = "evidence/observations/a.csv"
    root = write_study(tmp_path / "study", {name: FILES[name].split("\n")[0] + "\n"})

    with pytest.raises(BadInput, match="holds no observation"):
        build(root, tmp_path / "out", formats=(), cache=cache)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("chapters/zh/market.md", "2024年全球", "占三成的全球"),
        ("chapters/zh/market.md", "fig01 fig02", "fig01 fig77"),
        ("exhibits/fig02.toml", "level(", "leve("),
        ("theses.toml", '"10 %"', '"many"'),
        ("evidence/observations/a.csv", "2024-02-05", "2024-02-31"),
        ("study.toml", "[rating]", "[rating"),
    ],
)
def test_a_fault_in_the_study_leaves_the_former_build(built, tmp_path, cache, name, old, new):
    former = files(built().out)
    assert old in FILES[name]
    broken = write_study(tmp_path / "broken", {name: FILES[name].replace(old, new, 1)})

    with pytest.raises(BadInput) as caught:
        build(broken, tmp_path / "out", langs=("zh", "en"), formats=(), cache=cache)

    assert "\n" not in str(caught.value)
    assert files(tmp_path / "out") == former
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken", "out"]


def test_a_foreign_folder_is_refused_before_the_study_is_read(tmp_path, cache):
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(BadInput, match="something else than a build"):
        build(tmp_path / "no-study", tmp_path, cache=cache)


def test_check_judges_the_theses_of_the_day(mini_root, cache):
    known, theses = check(mini_root, day=date(2025, 2, 9), cache=cache)

    assert known.day == date(2025, 2, 9)
    assert [(thesis.id, thesis.status) for thesis in theses] == [("cycle", "broken")]


def test_the_snapshot_of_a_later_day_is_everything(mini_root, cache):
    assert snapshot(open_evidence(mini_root, cache), date(2030, 1, 1)).day == date(2030, 1, 1)
