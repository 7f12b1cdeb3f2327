from __future__ import annotations

from collections.abc import Callable

from waferline.sources import mlperf
from waferline.sources.raw_table import Listing

Make = Callable[..., Listing]
ROUNDS = "suite,round,announced\ntraining,v4.0,2024-06\ntraining,v5.1,2025-11-12\ninference,v5.1,2025-09-09\n"
TRAINING_HEADER = (
    "round,submitter,system_id,division,accelerator,accelerators,benchmark,value,scaled_value,url\n"
)
INFERENCE_HEADER = (
    "round,submitter,platform,division,accelerator,total_accelerators,benchmark,scenario,metric,value,url\n"
)


def test_a_round_with_a_day_was_published_on_it_and_one_with_a_month_was_not(listing: Make) -> None:
    listing("mlperf_rounds.csv", ROUNDS)
    table = TRAINING_HEADER + (
        "v4.0,ASUSTeK,ESC_N8A-E12,closed,H100,8,llama2_70b_lora,29.4288,30.4506,\n"
        "v5.1,Wiwynn,8xKinabalux18x4GB200,closed,GB200,576,llama2_70b_lora,0.4249,0.4298,\n"
    )

    reading = mlperf.read_training(listing("mlperf_training.csv", table))

    minutes = [row for row in reading.rows if row["series"] == "mlperf.training.minutes"]
    assert [(row["period"], row["published"], row["value"]) for row in minutes] == [
        ("2024-06", "", "29.4288"),
        ("2025-11-12", "2025-11-12", "0.4249"),
    ]
    assert minutes[0]["subject"] == "v4.0 · llama2_70b_lora · ASUSTeK · ESC_N8A-E12"


def test_rounds_without_a_day_and_other_metrics_are_left_out(listing: Make) -> None:
    listing("mlperf_rounds.csv", ROUNDS)
    table = INFERENCE_HEADER + (
        "v5.1,AMD,8xMI300X,closed,MI300X,8,llama2-70b-99,Interactive,Tokens/s,8840.42,\n"
        "v5.1,AMD,8xMI300X,closed,MI300X,8,retinanet,Server,Queries/s,1.5,\n"
        "v6.1,AMD,8xMI355X,closed,MI355X,8,llama2-70b-99.9,Server,Tokens/s,103275.0,\n"
    )

    reading = mlperf.read_inference(listing("mlperf_inference.csv", table))

    assert [(row["series"], row["value"]) for row in reading.rows] == [
        ("mlperf.inference.throughput", "8840.42"),
        ("mlperf.inference.accelerators", "8"),
    ]
    assert [item.reason for item in reading.left_out] == ["metric 'Queries/s'", "no day for round v6.1"]
