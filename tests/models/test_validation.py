"""Cases as data: what passes, what is not scored, and what is refused."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from waferline.errors import BadInput
from waferline.models.validation.cases import read_cases
from waferline.models.validation.scoring import number_text, score, summaries
from waferline.models.validation.tolerance import read_tolerance
from waferline.models.validation.units import spelled_unit

CASE = {
    "id": "a1", "model": "kv-cache", "inputs": {"architecture.attention": "mha"}, "expected": "2", "unit": "bytes",
    "tolerance": "rel 5%", "source": "a paper",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "predicted", "expected", "passes"),
    [
        ("rel 3%", 103, 100, True),
        ("rel 3%", 103.1, 100, False),
        ("rel 9% (calculon max error 8.87%, mean 3.65%)", 91, 100, True),
        ("rel 5% (offline re-run gives +3.61%)", 106, 100, False),
        ("abs 0.1", 46.3, 46.2, True),
        ("abs 0.02 (SE 0.0206)", 0.39, 0.3658, False),
        ("exact", 70272, 70272, True),
        ("exact", 70273, 70272, False),
        ("exact", 14.2857, 14.29, True),
        ("exact", 14.2849, 14.29, False),
        ("mid of 10.5-11.7; as the report has it", 11.8, 11.1, False),
        ("inside 90% CI 2.0-2.9 (arXiv v2); v1 printed 95% CI 2.0-3.1", 2.95, 2.4, False),
        ("inside Epoch 90% CI 5,047,111-7,022,524", 6e6, 5992099, True),
        ("range 13,000-16,000", 12_000, 14_500, False),
    ],
)
def test_a_tolerance_says_what_passes(text, predicted, expected, passes):
    assert (
        read_tolerance(text, "here", f"{expected:.2f}" if expected < 100 else "").passes(
            predicted, expected, False
        )
        is passes
    )


@pytest.mark.parametrize(
    "text", ["prior", "exact input (vintage Feb 2025)", "forecast to beat", "keep as a second vintage"]
)
def test_what_is_not_scored_has_no_verdict(text):
    assert read_tolerance(text, "here").passes is None


def test_a_case_that_must_be_flagged_passes_when_the_model_says_so():
    passes = read_tolerance("must be flagged as impossible (MFU>1)", "here").passes
    assert passes(1.66, 1.66, True) and not passes(1.66, 1.66, False)


@pytest.mark.parametrize("text", ["", "roughly", "rel five", "5%"])
def test_a_tolerance_that_says_nothing_is_refused(text):
    with pytest.raises(BadInput, match="tolerance is not understood"):
        read_tolerance(text, "here")


def written(tmp_path, *cases):
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(case if isinstance(case, str) else json.dumps(case) for case in cases) + "\n")
    return path


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "cases.jsonl:2: not a line of JSON"),
        ("[]", "a case is an object"),
        (CASE | {"id": "b", "expectd": 1}, "unknown key"),
        ({key: value for key, value in CASE.items() if key != "unit"}, "the case has no unit"),
        (CASE | {"id": "b", "inputs": []}, "inputs is a table"),
        (CASE, "two cases are called 'a1'"),
        ('{"id": "b", "id": "c"}', "cases.jsonl:2: a key stands twice"),
        ("[" * 100_000, "not a line of JSON"),
        (CASE | {"id": "b", "source": ["a"]}, "cases.jsonl:2, source: not a text"),
    ],
)
def test_a_faulty_case_is_named_by_its_line(tmp_path, line, says):
    with pytest.raises(BadInput) as caught:
        read_cases(written(tmp_path, CASE, line))
    assert says in str(caught.value)


def test_a_case_that_cannot_be_run_fails_and_the_others_are_run(tmp_path):
    numbers = {"architecture": "T", "bytes_per_value": 2}
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "architectures.csv").write_text(
        "name,attention,layers,kv_heads,head_dim,source\nT,gqa,126,8,128,a paper\n"
    )
    cases = read_cases(
        written(
            tmp_path,
            CASE | {"inputs": numbers | {"architecture": "U"}},
            CASE | {"id": "a2", "inputs": numbers, "expected": 516096, "unit": "kB"},
            CASE | {"id": "a3", "inputs": numbers, "expected": "516.096", "unit": "kB"},
            CASE | {"id": "a4", "inputs": numbers, "expected": 3, "unit": "GPU hours"},
            CASE | {"id": "a5", "inputs": {}, "model": "", "expected": 3, "tolerance": "prior"},
        )
    )
    scored = score(cases, tmp_path)
    assert [each.passed for each in scored] == [False, False, True, False, None]
    assert "unknown architecture" in scored[0].error and "wrong kind" in scored[3].error
    (found,) = [each for each in summaries(scored) if each.family == "inference"]
    assert (found.cases, found.scored, found.passed, found.worst) == (4, 4, 1, "a2")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "guess"}, "unknown kind"),
        ({"expected": "lots"}, "expected: not a number"),
        ({"tolerance": "roughly"}, "tolerance is not understood"),
        ({"unit": "furlong"}, "unknown unit"),
    ],
)
def test_a_value_that_means_nothing_fails_its_case_only(tmp_path, change, says):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "architectures.csv").write_text(
        "name,attention,layers,kv_heads,head_dim,source\nT,gqa,126,8,128,a paper\n"
    )
    good = CASE | {"inputs": {"architecture": "T"}, "expected": "516,096", "unit": "byte"}
    scored = score(read_cases(written(tmp_path, good | {"id": "b"} | change, good)), tmp_path)
    assert [each.passed for each in scored] == [False, True]
    assert says in scored[0].error and "cases.jsonl:1" in scored[0].error
    assert scored[0].family == "inference"


def test_a_day_s_cost_may_be_said_by_the_day():
    case = {
        "id": "a", "model": "service", "output": "daily_cost", "expected": "87072", "unit": "USD/day",
        "tolerance": "rel 0.01%", "source": "s",
        "inputs": {
            "nodes": "226.75 nodes", "rental": "2 USD/h", "input_tokens": "608B", "output_tokens": "168 billion",
            "price_hit": "$0.14/M", "price_miss": "0.55 USD/M tokens", "price_output": "2.19 USD per million tokens",
        },
    }  # fmt: skip
    with TemporaryDirectory() as folder:
        cases = read_cases(written(Path(folder), case, case | {"id": "b", "unit": "USD per month"}))
        scored = score(cases, Path(folder))
    assert [each.passed for each in scored] == [True, False]
    assert "wrong kind" in scored[1].error


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5576000.0, "5576000"),
        (3.29e24, "3.29e+24"),
        (0.0000234, "0.0000234"),
        (None, None),
        (1.5e12, "1500000000000"),
    ],
)
def test_numbers_are_decimal_strings(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("H800 GPU-hour", "GPU hours"),
        ("A100 GPU hours", "GPU hours"),
        ("TPU v4 chip-hour", "GPU hours"),
        ("H800 GPU-hour per 1e12 tokens", "GPU hours per tn tokens"),
        ("token/s per 8-GPU node", "tokens/s"),
        ("s", "seconds"),
        ("USD 2023", "USD (2023)"),
        ("x per year", "ratio per year"),
        ("H100e", "units"),
        ("furlong", None),
    ],
)
def test_units_are_read_as_people_spell_them(text, name):
    if name is None:
        with pytest.raises(BadInput, match="unknown unit"):
            spelled_unit(text, "here")
    else:
        assert spelled_unit(text, "here").name == name


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"expected": float("nan")}, "cases.jsonl:1, expected: not a number"),
        ({"expected": 10**400}, "cases.jsonl:1, expected: not a number"),
        ({"as_of": "2025-13-01"}, "cases.jsonl:1, as_of: not a day"),
        ({"tolerance": "rel -5%"}, "the tolerance is out of range"),
        ({"tolerance": "abs 1e999"}, "the tolerance is out of range"),
        ({"tolerance": "rel 1,5%"}, "tolerance is not understood"),
        ({"tolerance": "inside 5-2"}, "not in order"),
        ({"unit": "tonne"}, "unknown unit"),
    ],
)
def test_a_value_that_means_nothing_fails_its_case_with_the_place(tmp_path, change, says):
    (scored,) = score(read_cases(written(tmp_path, CASE | change)), tmp_path)
    assert scored.passed is False and says in scored.error


def test_a_link_out_of_the_folder_of_cases_is_not_followed(tmp_path):
    written(tmp_path, CASE)
    folder = tmp_path / "validation"
    folder.mkdir()
    (folder / "a.jsonl").symlink_to(tmp_path / "cases.jsonl")
    with pytest.raises(BadInput, match="the file lies outside the folder"):
        read_cases(folder)
