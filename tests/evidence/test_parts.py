"""A file is read again only when it changed, and the store from parts is the one read from nothing."""

from __future__ import annotations

import csv
import shutil
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from written_evidence import DEFAULTS, SERIES, write_csv, write_study

from waferline.errors import BadInput
from waferline.evidence import Evidence, cache, parts
from waferline.evidence.loading import OBSERVATION_COLUMNS, SERIES_COLUMNS, SOURCE_COLUMNS
from waferline.evidence.model import FOREVER

FIRST = {"published": "2025-02-07"}
AMENDED = {"value": "630.5", "published": "2025-08-01", "print": "later"}


@pytest.fixture
def study(write):
    folder = write(FIRST)
    put(folder, "b.csv", {"period": "2023", "value": "526.8", "published": "2024-02-05"})
    return folder


@pytest.fixture
def read(monkeypatch):
    """The names of the files that were read, in order."""
    seen: list[str] = []
    real = parts.read_observations

    def noting(folder, name, *rest):
        seen.append(name)
        return real(folder, name, *rest)

    monkeypatch.setattr(parts, "read_observations", noting)
    return seen


def put(study, name, *rows):
    write_csv(
        study / "evidence" / "observations" / name, OBSERVATION_COLUMNS, [DEFAULTS | row for row in rows]
    )


def edit(file, former, new):
    text = file.read_text("utf-8")
    assert text.count(former) == 1
    file.write_text(text.replace(former, new), "utf-8")


def rows(evidence):
    return evidence._table.every_row()


def test_only_the_changed_file_is_read_again(study, tmp_path, read):
    Evidence.open(study, tmp_path / "cache")
    put(study, "b.csv", {"period": "2023", "value": "527.0", "published": "2024-02-05"})

    after = Evidence.open(study, tmp_path / "cache")

    assert read == ["observations/a.csv", "observations/b.csv", "observations/b.csv"]
    assert after.as_of(date(2025, 3, 20)).observation("wsts.sales.world", "2023").literal == "527.0"
    assert rows(after) == rows(Evidence.open(study, tmp_path / "empty"))


def test_a_row_in_a_new_file_ends_a_row_of_an_old_part(study, tmp_path):
    Evidence.open(study, tmp_path / "cache")
    put(study, "c.csv", AMENDED)

    first, second = Evidence.open(study, tmp_path / "cache").revisions("wsts.sales.world", "2024")

    assert (first.known_to, second.known_to) == (date(2025, 8, 1), FOREVER)


def test_two_values_of_one_day_are_refused_across_parts(study, tmp_path):
    Evidence.open(study, tmp_path / "cache")
    put(study, "c.csv", FIRST | {"value": "700"})

    with pytest.raises(
        BadInput, match=r"a\.csv:2: two values .* 627.6 USD bn here, 700 USD bn in .*c\.csv:2"
    ):
        Evidence.open(study, tmp_path / "cache")


def test_a_new_name_of_a_series_reads_no_file_and_is_told(study, tmp_path, read):
    Evidence.open(study, tmp_path / "cache")
    edit(study / "evidence" / "series.csv", "World semiconductor sales", "Chip sales of the world")

    after = Evidence.open(study, tmp_path / "cache")

    assert len(read) == 2
    assert after.series["wsts.sales.world"].name_en == "Chip sales of the world"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"known_after": "90"}, lambda row: row.known_from == date(2025, 3, 31)),
        ({"exact": "yes"}, lambda row: row.exact),
        ({"publisher": "SIA"}, lambda row: row.by == "SIA"),
        ({"kind": "forecast"}, lambda row: row.kind == "forecast"),
        ({"unit": "USD mn"}, lambda row: row.unit == "USD mn"),
    ],
)
def test_what_a_series_says_of_its_rows_reads_them_again(write, tmp_path, cells, told):
    study = write({"unit": ""})
    before = Evidence.open(study, tmp_path / "cache").revisions("wsts.sales.world", "2024")[0]
    defaults = {"frequency": "irregular", "kind": "realised", "known_after": "0", "exact": "no"}
    changed = [defaults | entry | (cells if entry["id"] == "wsts.sales.world" else {}) for entry in SERIES]
    write_csv(study / "evidence" / "series.csv", SERIES_COLUMNS, changed)

    after = Evidence.open(study, tmp_path / "cache").revisions("wsts.sales.world", "2024")[0]

    assert told(after)
    assert not told(before)


def test_a_source_that_is_gone_is_missed_by_the_rows_of_a_kept_part(study, tmp_path):
    Evidence.open(study, tmp_path / "cache")
    write_csv(study / "evidence" / "sources.csv", SOURCE_COLUMNS, [{"id": "press", "tier": "press"}])

    with pytest.raises(BadInput, match=r"a\.csv:2:source: unknown source"):
        Evidence.open(study, tmp_path / "cache")


def test_a_damaged_part_is_made_anew(study, tmp_path, read):
    whole = rows(Evidence.open(study, tmp_path / "cache"))
    for part in (tmp_path / "cache" / "observations").iterdir():
        (part / "observations.parquet").write_bytes(b"PAR1")
    (study / "evidence" / "more.txt").write_text("another store", "utf-8")

    assert rows(Evidence.open(study, tmp_path / "cache")) == whole
    assert len(read) == 4
    assert all(map(cache.is_sound, (tmp_path / "cache" / "observations").iterdir()))


def test_a_part_that_another_process_drops_is_read_from_its_file(study, tmp_path, monkeypatch):
    whole = rows(Evidence.open(study, tmp_path / "empty"))
    Evidence.open(study, tmp_path / "cache")
    (study / "evidence" / "more.txt").write_text("another store", "utf-8")
    real = cache.is_sound

    def dropped_after(folder):
        sound = real(folder)
        if sound and folder.parent.name == "observations":
            (folder / "observations.parquet").unlink()
        return sound

    monkeypatch.setattr(cache, "is_sound", dropped_after)

    assert rows(Evidence.open(study, tmp_path / "cache")) == whole


def test_raw_rows_are_read_again_only_when_a_file_beside_the_observations_changed(study, tmp_path):
    raw = study / "evidence" / "raw" / "models.csv"
    write_csv(raw, OBSERVATION_COLUMNS, [DEFAULTS | {"period": "2022", "value": "574.1"}])
    times = []

    def raw_rows(folder):
        times.append(1)
        with (folder / "raw" / "models.csv").open(encoding="utf-8", newline="") as handle:
            return [row | {"file": "raw/models.csv", "line": "2"} for row in csv.DictReader(handle)]

    def value():
        found = Evidence.open(study, tmp_path / "cache", extra_rows=raw_rows)
        return found.revisions("wsts.sales.world", "2022")[0].literal

    assert (value(), len(times)) == ("574.1", 1)
    put(study, "b.csv", {"period": "2023", "value": "527.0"})
    assert (value(), len(times)) == ("574.1", 1)
    edit(raw, "574.1", "574.2")
    assert (value(), len(times)) == ("574.2", 2)


def test_a_folder_without_a_file_of_observations_has_no_rows(study, tmp_path):
    shutil.rmtree(study / "evidence" / "observations")

    assert rows(Evidence.open(study, tmp_path / "cache")) == []


def test_a_hidden_file_is_no_evidence(study, tmp_path):
    (study / "evidence" / "observations" / ".#a.csv").write_text("an editor's lock", "utf-8")

    assert len(rows(Evidence.open(study, tmp_path / "cache"))) == 2


ROWS = st.fixed_dictionaries(
    {
        "period": st.sampled_from(["2023", "2024"]),
        "value": st.sampled_from(["1", "1.0", "2"]),
        "published": st.sampled_from(["2025-02-07", "2025-03-01", "2025-08-01"]),
        "by": st.sampled_from(["", "Gartner"]),
    }
)


@settings(deadline=None, max_examples=40)
@given(before=st.lists(ROWS, max_size=4), after=st.lists(ROWS, max_size=4), other=st.lists(ROWS, max_size=4))
def test_the_store_from_parts_is_the_store_from_nothing(tmp_path_factory, before, after, other):
    folder = tmp_path_factory.mktemp("parts")
    study = write_study(folder / "study", before)

    def opened(cache_dir):
        try:
            return rows(Evidence.open(study, folder / cache_dir))
        except BadInput as error:
            return str(error)

    put(study, "b.csv", *other)
    opened("cache")
    put(study, "a.csv", *after)

    assert opened("cache") == opened("empty")
