from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from waferline.errors import BadInput
from waferline.sources import raw_left_out, raw_rows

EVIDENCE = Path(__file__).parents[2] / "studies" / "semiconductors" / "evidence"


def test_a_folder_without_raw_tables_has_no_rows(tmp_path: Path) -> None:
    assert list(raw_rows(tmp_path)) == []


def test_an_unknown_layout_is_named(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "tables.csv").write_text("file,layout,source,recorded,known_from\na.csv,edgar,s,,\n")

    with pytest.raises(BadInput, match=r"raw/tables\.csv:2:layout: unknown layout.*'edgar'"):
        list(raw_rows(tmp_path))


def test_the_study_holds_the_models_clusters_points_and_results_it_was_given() -> None:
    rows = Counter(row["series"] for row in raw_rows(EVIDENCE))

    assert rows["epoch.model.parameters"] == 677
    assert rows["epoch.model.training_compute"] == 513
    assert rows["epoch.model.cost"] == 178
    assert rows["epoch.cluster.h100_equivalents"] == 567
    assert rows["chinchilla.loss"] == 245
    assert rows["mlperf.training.minutes"] == 260
    assert rows["mlperf.inference.throughput"] == 686
    assert rows.total() == 7945


def test_rows_left_out_for_want_of_a_day_or_as_a_second_version_are_counted() -> None:
    reasons = Counter(item.file for item in raw_left_out(EVIDENCE) if "no value" not in item.reason)

    assert reasons == {
        "raw/epoch_gpu_clusters.csv": 184,
        "raw/epoch_hardware.csv": 14,
        "raw/epoch_model_costs.csv": 5,
        "raw/epoch_models.csv": 5,
        "raw/mlperf_inference.csv": 14,
    }


@pytest.mark.parametrize("name", ["../../a.csv", ".a.csv"])
def test_a_listed_file_outside_the_folder_or_hidden_is_refused(tmp_path, name):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "tables.csv").write_text(
        f"file,layout,source,recorded,known_from\n{name},chinchilla,x,2026-11-23,\n"
    )

    with pytest.raises(BadInput, match=r"raw/tables\.csv:2:file: not the name of a file"):
        list(raw_rows(tmp_path))
