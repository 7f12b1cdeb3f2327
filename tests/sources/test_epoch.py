from __future__ import annotations

from collections.abc import Callable

import pytest

from waferline.errors import BadInput
from waferline.sources import epoch
from waferline.sources.raw_table import Listing

# Rows of Epoch AI's table of notable models, snapshot of 2026-01-26 (CC BY 4.0).
MODELS = (
    "Model,Organization,Publication date,Domain,Parameters,Training compute (FLOP),"
    "Training dataset size (gradients),Training time (hours),Hardware quantity,"
    "Training compute cost (2023 USD),Training power draw (W),Confidence,Frontier model,Link\n"
    "GPT-3 175B (davinci),OpenAI,2020-05-28,Language,175000000000.0,3.14e+23,374000000000.0,355.2,10000.0,"
    "2200000,7120000.0,Confident,True,https://arxiv.org/abs/2005.14165\n"
)
HARDWARE_HEADER = (
    "Hardware name,Manufacturer,Release date,Release price (USD),Tensor-FP16/BF16 performance (FLOP/s),"
    "FP32 (single precision) performance (FLOP/s),TDP (W),Process size (nm),Link to datasheet\n"
)
CLUSTER_HEADER = (
    "Name,Status,Certainty,First Operational Date,H100 equivalents,Total number of AI chips,"
    "Power Capacity (MW),Hardware Cost,Country,Owner,Source 1\n"
)

Make = Callable[..., Listing]


def test_a_model_is_known_from_its_publication_day_and_keeps_its_literals(listing: Make) -> None:
    rows = {row["series"]: row for row in epoch.read_models(listing("epoch_models.csv", MODELS)).rows}

    compute = rows["epoch.model.training_compute"]
    assert (compute["subject"], compute["period"], compute["value"], compute["unit"]) == (
        "GPT-3 175B (davinci)", "2020-05-28", "3.14e+23", "FLOP",
    )  # fmt: skip
    assert (compute["published"], compute["public_by"], compute["print"]) == ("", "", "first")
    assert (compute["file"], compute["line"]) == ("raw/epoch_models.csv", "2")
    assert rows["epoch.model.parameters"]["value"] == "175000000000.0"


def test_a_cell_without_a_value_is_left_out_and_counted(listing: Make) -> None:
    reading = epoch.read_models(listing("epoch_models.csv", MODELS.replace(",2200000,", ",,")))

    assert "epoch.model.cost" not in {row["series"] for row in reading.rows}
    assert [(item.line, item.reason) for item in reading.left_out] == [
        (2, "no value in 'Training compute cost (2023 USD)'")
    ]


def test_a_cell_with_two_numbers_is_left_out(listing: Make) -> None:
    reading = epoch.read_models(listing("epoch_models.csv", MODELS.replace("374000000000.0", '"374,375"')))

    assert [item.reason for item in reading.left_out] == [
        "several values in 'Training dataset size (gradients)'"
    ]


def test_text_where_a_number_belongs_names_file_line_and_column(listing: Make) -> None:
    with pytest.raises(BadInput, match=r"raw/epoch_models\.csv:2:Parameters: no number.*'175B'"):
        epoch.read_models(listing("epoch_models.csv", MODELS.replace("175000000000.0", "175B")))


def test_a_missing_column_is_named(listing: Make) -> None:
    with pytest.raises(BadInput, match=r"missing column: expected Publication date"):
        epoch.read_models(listing("epoch_models.csv", MODELS.replace("Publication date", "Date")))


def test_a_cost_takes_the_day_of_its_model_and_a_nameless_one_is_left_out(listing: Make) -> None:
    listing("epoch_models.csv", MODELS)
    header = "Model,Cloud_Cost,Hardware_Acquisition_Cost,Hardware_Capex_Energy_Cost\n"
    costs = listing("epoch_model_costs.csv", header + "GPT-3 175B (davinci),1,2,3\nGrok-3,4,5,6\n")

    reading = epoch.read_costs(costs)

    assert [row["period"] for row in reading.rows] == ["2020-05-28"] * 3
    assert [item.line for item in reading.left_out] == [3]


def test_a_chip_without_a_release_day_is_left_out(listing: Make) -> None:
    table = (
        HARDWARE_HEADER
        + "NVIDIA H100 SXM,NVIDIA,2022-10-05,,9.89e14,,700.0,4.0,\nNVIDIA VR300,NVIDIA,,,,,,,\n"
    )

    reading = epoch.read_hardware(listing("epoch_hardware.csv", table))

    assert [(row["series"], row["value"]) for row in reading.rows] == [
        ("epoch.hardware.tensor_fp16", "9.89e14"),
        ("epoch.hardware.tdp", "700.0"),
        ("epoch.hardware.process", "4.0"),
    ]
    assert reading.left_out[-1].reason == "no release date"


def test_planned_clusters_are_left_out_and_equal_names_are_told_apart(listing: Make) -> None:
    table = CLUSTER_HEADER + (
        "Anonymized Chinese System,Existing,Likely,7/15/2018,1,,,,China,,\n"
        "Anonymized Chinese System,Existing,Likely,1/2/2019,2,,,,China,,\n"
        "xAI 5 year plan,Planned,Unlikely,,50025265.29,,,,,xAI,\n"
    )

    reading = epoch.read_clusters(listing("epoch_gpu_clusters.csv", table))

    assert [(row["subject"], row["period"]) for row in reading.rows] == [
        ("Anonymized Chinese System", "2018-07-15"),
        ("Anonymized Chinese System (row 3)", "2019-01-02"),
    ]
    assert "planned, not realised" in {item.reason for item in reading.left_out}


def test_a_cluster_that_epoch_calls_unlikely_is_left_out(listing: Make) -> None:
    table = CLUSTER_HEADER + "Tesla Earnings Call Claim,Existing,Unlikely,3/31/2024,35000,35000,,,,Tesla,\n"

    reading = epoch.read_clusters(listing("epoch_gpu_clusters.csv", table))

    assert reading.rows == ()
    assert [item.reason for item in reading.left_out] == ["unlikely, says Epoch AI"]


def test_a_cost_under_another_name_takes_the_day_of_the_model_that_is_meant(listing: Make) -> None:
    models = listing("epoch_models.csv", MODELS)
    (models.path.parent / "epoch_model_aliases.csv").write_text(
        "name_of_costs,name_of_models,why\nGPT-3,GPT-3 175B (davinci),spelling\n"
    )
    header = "Model,Cloud_Cost,Hardware_Acquisition_Cost,Hardware_Capex_Energy_Cost\n"

    reading = epoch.read_costs(listing("epoch_model_costs.csv", header + "GPT-3,1,2,3\n"))

    assert {(row["subject"], row["period"]) for row in reading.rows} == {("GPT-3", "2020-05-28")}


VERSIONS = (
    MODELS.splitlines(keepends=True)[0]
    + "GPT-4 (Mar 2023),OpenAI,2023-03-15,Language,1.8e12,2.1e+25,5.4e12,,,,,Likely,True,\n"
    + "GPT-4 (Jun 2023),OpenAI,2023-03-15,Language,1.8e12,2.1e+25,5.4e12,,,,,Likely,True,\n"
)


def _subjects(listing: Make, table: str) -> list[str]:
    rows = epoch.read_models(listing("epoch_models.csv", table)).rows
    return [row["subject"] for row in rows if row["series"] == "epoch.model.training_compute"]


def test_a_later_version_of_one_training_run_is_left_out_by_name(listing: Make) -> None:
    reading = epoch.read_models(listing("epoch_models.csv", VERSIONS))

    assert {row["subject"] for row in reading.rows} == {"GPT-4 (Mar 2023)"}
    assert (3, "a version of 'GPT-4 (Mar 2023)', trained once") in [
        (item.line, item.reason) for item in reading.left_out
    ]


@pytest.mark.parametrize(
    ("said", "instead"),
    [("2.1e+25,5.4e12", "2.2e+25,5.4e12"), ("2.1e+25,5.4e12", "2.1e+25,5.5e12"), ("2023-03-15", "2023-06-13"),
     ("OpenAI", "Microsoft"), ("1.8e12", "1.7e12")],
)  # fmt: skip
def test_what_differs_in_one_of_the_five_is_another_model(listing: Make, said: str, instead: str) -> None:
    head, march, june = VERSIONS.splitlines(keepends=True)

    assert len(_subjects(listing, head + march + june.replace(said, instead))) == 2


def test_rows_that_share_only_empty_cells_are_not_taken_for_one_run(listing: Make) -> None:
    table = VERSIONS.replace("2.1e+25,5.4e12", "2.1e+25,")

    assert _subjects(listing, table) == ["GPT-4 (Mar 2023)", "GPT-4 (Jun 2023)"]
