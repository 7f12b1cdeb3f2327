"""A build made before is given again only when nothing it depends on has changed."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from mini_study import FILES, write_study

from waferline.build import build as building
from waferline.build import former
from waferline.build.build import build
from waferline.evidence import cache as kept_files

DAY = date(2025, 3, 20)
SEMICONDUCTORS = Path(__file__).parents[2] / "studies" / "semiconductors"


@pytest.fixture
def study(tmp_path):
    return write_study(tmp_path / "study")


@pytest.fixture
def run(tmp_path, study):
    """`run(name)` builds into `tmp_path/name`, with the cache of all runs unless told another."""

    def built(name: str, *, cache: str = "cache", **options: object) -> dict[str, bytes]:
        arguments = {"day": DAY, "formats": ("html", "pdf"), **options}
        out = build(study, tmp_path / name, cache=tmp_path / cache, **arguments).out
        return {path.name: path.read_bytes() for path in out.iterdir() if path.name != "timings.json"}

    return built


@pytest.fixture
def made(monkeypatch):
    """How often a build was made and not given again."""
    times: list[int] = []
    real = building._made

    def counting(*arguments):
        times.append(1)
        return real(*arguments)

    monkeypatch.setattr(building, "_made", counting)
    return times


def edit(study: Path, name: str, former_text: str, new: str) -> None:
    text = FILES[name]
    assert former_text in text
    (study / name).write_text(text.replace(former_text, new), "utf-8")


def test_the_same_build_is_given_again_and_says_the_same(study, tmp_path, made):
    first, second = (
        build(study, tmp_path / name, day=DAY, formats=("html", "pdf"), cache=tmp_path / "cache")
        for name in ("one", "two")
    )

    assert len(made) == 1
    assert (second.files, second.as_of, second.theses) == (first.files, first.as_of, first.theses)
    assert (second.rating, second.omitted, second.holes) == (first.rating, first.omitted, first.holes)
    for name in ("report.zh.html", "report.zh.pdf", "build.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param("evidence/observations/a.csv", ",627.6,", ",628.6,", id="value"),
        pytest.param("evidence/sources.csv", "sia,美国半导体行业协会", "sia,半导体协会", id="source name"),
        pytest.param("evidence/series.csv", "全球半导体年度销售额", "全球半导体年销售", id="series label"),
        pytest.param("evidence/series.csv", "realised,SIA,41", "realised,SIA,99", id="lag"),
        pytest.param(
            "exhibits/fig01.toml",
            'level("sia.sales_year.world", p)',
            'level("sia.sales_year.world", "2023")',
            id="expression",
        ),
        pytest.param("chapters/zh/method.md", "都出自", "均出自", id="chapter"),
        pytest.param("theses.toml", '"10 %"', '"90 %"', id="thesis"),
    ],
)
def test_what_changed_is_in_the_build_as_if_nothing_had_been_kept(study, run, name, old, new):
    before = run("before")
    edit(study, name, old, new)

    after = run("after")

    assert after != before
    assert after == run("fresh", cache="empty")


@pytest.mark.parametrize(
    "options", [{"day": date(2025, 3, 21)}, {"langs": ("en",)}, {"formats": ()}, {"day": None}]
)
def test_another_question_is_another_build(run, options):
    run("before")

    assert run("after", **options) == run("fresh", cache="empty", **options)


@pytest.mark.parametrize("what", ["code", "package"])
def test_another_program_makes_the_build_again(run, made, monkeypatch, what):
    run("before")
    if what == "code":
        real = kept_files.digest_of_folder
        monkeypatch.setattr(kept_files, "digest_of_folder", lambda folder, **rest: real(folder, **rest) + "1")
    else:
        monkeypatch.setattr(former, "_installed", lambda: ["typst-0.0.1.dist-info"])
    run("after")

    assert len(made) == 2


def test_a_study_without_an_id_is_named_after_its_folder(tmp_path, made):
    unnamed = "\n".join(line for line in FILES["study.toml"].splitlines() if not line.startswith("id"))
    for name in ("one", "two"):
        root = write_study(tmp_path / name, {"study.toml": unnamed})
        build(root, tmp_path / f"out-{name}", day=DAY, formats=(), cache=tmp_path / "cache")

        assert f'"study": "{name}"' in (tmp_path / f"out-{name}" / "build.json").read_text("utf-8")


def test_what_a_link_leads_to_is_always_read(study, run, made):
    (study / "exhibits").rename(study / "drawn")
    (study / "exhibits").symlink_to(study / "drawn", target_is_directory=True)
    run("before")
    run("after")

    assert len(made) == 2


def test_a_pipe_in_the_study_is_not_waited_for(study, run, made):
    os.mkfifo(study / "notes")

    assert run("one") == run("two")
    assert len(made) == 2


def test_an_output_inside_the_study_is_no_part_of_it(study, made, tmp_path):
    for _ in range(2):
        build(study, study / "out", day=DAY, formats=(), cache=tmp_path / "cache")

    assert len(made) == 1


def test_a_hidden_file_or_a_name_that_is_no_text_stops_nothing(study, run, made):
    run("before")
    (study / ".swp").write_bytes(b"an editor's")
    run("same")
    assert len(made) == 1

    Path(os.fsdecode(bytes(study / "notes") + b"\xff")).write_bytes(b"")
    run("after")
    assert len(made) == 2


@pytest.mark.parametrize("damage", ["torn", "missing"])
def test_a_damaged_build_is_made_again(run, made, tmp_path, damage):
    before = run("before")
    (entry,) = (tmp_path / "cache" / "reports").iterdir()
    page = entry / "report.zh.html"
    page.write_bytes(b"<html>") if damage == "torn" else page.unlink()

    assert run("after") == before
    assert len(made) == 2


def test_a_study_that_changed_while_it_was_read_is_not_kept(study, run, made, tmp_path, monkeypatch):
    real = building._made

    def changing(*arguments):
        files = real(*arguments)
        edit(study, "chapters/zh/method.md", "都出自", "均出自")
        return files

    monkeypatch.setattr(building, "_made", changing)
    run("before")

    assert not (tmp_path / "cache" / "reports").exists()


def test_a_cache_that_cannot_be_written_is_done_without(study, tmp_path, run):
    (tmp_path / "cache").write_text("a file where the folder should be", "utf-8")

    assert run("one") == run("two", cache="other")


def test_one_changed_value_of_the_semiconductor_study_gives_the_bytes_of_a_first_build(tmp_path):
    study = shutil.copytree(SEMICONDUCTORS, tmp_path / "study")
    file = study / "evidence" / "observations" / "foundry.csv"
    build(study, tmp_path / "before", day=DAY, cache=tmp_path / "cache")
    row = "tsmc.revenue.monthly,,2025-02,260008.796,"
    text = file.read_text("utf-8")
    assert text.count(row) == 1
    file.write_text(text.replace(row, row.replace("260008.796", "260108.796")), "utf-8")

    build(study, tmp_path / "changed", day=DAY, cache=tmp_path / "cache")
    build(study, tmp_path / "fresh", day=DAY, cache=tmp_path / "empty")

    for name in ("report.zh.html", "report.zh.pdf", "build.json"):
        before, changed, fresh = (
            (tmp_path / folder / name).read_bytes() for folder in ("before", "changed", "fresh")
        )
        assert changed == fresh, name
        assert changed != before, name
