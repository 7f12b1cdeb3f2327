"""Three laws on one footing: worked by hand, and refused where they measure different things."""

from pathlib import Path

import pytest

from waferline.errors import BadInput
from waferline.models.registry import model_named
from waferline.models.running import run

STUDY = Path(__file__).parents[3] / "studies" / "semiconductors"
DOLLAR, SAMPLING = model_named("scaling-dollar"), model_named("repeated-sampling")
SETTINGS = {"questions": 1e6, "tokens_per_sample": 10_000, "price": 2}


def test_training_is_paid_once_and_voting_for_every_question():
    found = run(DOLLAR, STUDY, SETTINGS)
    # 15 more samples of 10,000 tokens at 2 USD a million: 0.30 USD a question
    assert found.value("inference_cost") == pytest.approx(0.30e6)
    assert found.value("inference_per_dollar") == pytest.approx(8.8 / 0.30)
    assert found.value("post_training_per_dollar") == pytest.approx(62.3 / 0.202)
    assert found.value("post_training_error_removed") == pytest.approx(100 * 62.3 / 84.4)


def test_the_vote_starts_where_the_training_ends():
    found = run(DOLLAR, STUDY, SETTINGS)
    left = 100 * found.value("inference_gain") / found.value("inference_error_removed")
    assert 100 - left == pytest.approx(15.6 + found.value("post_training_gain"))


def test_at_the_break_even_a_point_costs_the_same():
    many = run(DOLLAR, STUDY, SETTINGS).value("break_even_questions")
    found = run(DOLLAR, STUDY, SETTINGS | {"questions": many})
    assert found.value("inference_per_dollar") == pytest.approx(found.value("post_training_per_dollar"))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"pre_training": "Chinchilla instead of Gopher"}, "compared on one benchmark: .* found pre_training: MMLU"),
        ({"inference": "R1-Zero by reinforcement learning"}, "the step of inference is of another law: expected inference, found post-training"),
        ({"price": 0}, "the step of inference costs nothing"),
        ({"post_training.score_before": 100}, "starts at 100 %"),
        ({"questions": 0}, "questions is out of range"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(changed, says):
    with pytest.raises(BadInput, match=says):
        run(DOLLAR, STUDY, SETTINGS | changed)


def test_one_law_alone_is_no_comparison(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models/scaling_steps.csv").write_text(
        "name,law,benchmark,base_model,score_before,score_after,cost,source\nA,post-training,B,M,10,20,5,a paper\n"
    )
    with pytest.raises(BadInput, match="nothing to compare"):
        run(DOLLAR, tmp_path, SETTINGS | {"post_training": "A"})


def test_error_falls_with_the_budget_and_a_budget_buys_whole_samples():
    found = run(
        SAMPLING, STUDY, {"solver": "R1-Distill-Qwen-7B", "tokens_per_sample": 1e4}, scenario="budgets"
    )
    # a sample takes 2 · 7.62e9 · 1e4 = 1.524e14 FLOP, and the first budget is 1.5e15
    assert found.point["budget_samples"][0] == 9
    for name in ("budget_error_vote", "budget_error_best", "budget_error_any"):
        values = found.point[name]
        assert (values[1:] < values[:-1]).all(), name
    assert (found.point["budget_error_any"] <= found.point["budget_error_vote"]).all()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"budgets": [1e10]}, "a budget pays for less than one sample"),
        ({"pass_at_1": 40, "budgets": [1e17]}, "budgets need the compute of a sample"),
        ({"solver": "R1-Distil"}, "unknown solver"),
    ],
)
def test_budgets_that_buy_nothing_are_refused(settings, says):
    with pytest.raises(BadInput, match=says):
        run(SAMPLING, STUDY, settings)


def test_what_is_set_by_hand_is_not_mixed_with_another_models_row():
    found = run(SAMPLING, STUDY, {"pass_at_1": 40})
    with pytest.raises(BadInput, match="do not give it"):
        found.value("flop_per_problem")
