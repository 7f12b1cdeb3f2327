"""What models answered is kept between builds, and never trusted further than it reads back."""

import json
from datetime import date

import pytest
from mini_study import write_study

from waferline.build.build import open_evidence
from waferline.models.answers import Answer, Kept
from waferline.models.quantities import answered

TOML = """
[inputs.context]
series = "sia.sales_year.world"
period = "2024"
unit = "USD bn"
"""


@pytest.fixture
def study(tmp_path):
    root = write_study(tmp_path / "study")
    (root / "models").mkdir()
    (root / "models" / "architectures.csv").write_text(
        "name,attention,layers,kv_heads,head_dim,source,url\nT,gqa,126,8,128,a paper,https://example.org\n"
    )
    (root / "models" / "kv-cache.toml").write_text(TOML)
    return root


def known_of(study, cache, day=date(2025, 3, 20)):
    known = open_evidence(study, cache).as_of(day)
    known.kept["answers"] = Kept(cache, study)
    return known


def ask(known):
    return answered(known, "kv-cache", ("architecture=T",), "here")


def asked(monkeypatch):
    """Counts the runs that are really made."""
    import waferline.models.quantities as module

    made = []
    original = module._run
    monkeypatch.setattr(module, "_run", lambda *args: made.append(args) or original(*args))
    return made


def kept(known):
    known.kept["answers"].save()
    return known


def test_the_next_build_reads_the_answer_and_gives_the_same(study, tmp_path, monkeypatch):
    made = asked(monkeypatch)
    first = ask(known := known_of(study, tmp_path / "cache"))
    kept(known)
    again = ask(known_of(study, tmp_path / "cache"))
    assert len(made) == 1
    assert again == first and again.observed


def test_another_day_or_assumption_is_another_question(study, tmp_path, monkeypatch):
    made = asked(monkeypatch)
    kept(known := known_of(study, tmp_path / "cache"))
    ask(known), kept(known)
    ask(known_of(study, tmp_path / "cache", date(2025, 3, 21)))
    (study / "models" / "kv-cache.toml").write_text(TOML + 'group = "g"\n')
    ask(known_of(study, tmp_path / "cache"))
    assert len(made) == 3


@pytest.mark.parametrize("spoiled", ["{", "[]", '{"%s": {"outputs": {"a": [["x"]]}}}', '{"%s": 3}'])
def test_a_spoiled_answer_is_made_anew(study, tmp_path, monkeypatch, spoiled):
    made = asked(monkeypatch)
    first = ask(known := known_of(study, tmp_path / "cache"))
    kept(known)
    (entry,) = (tmp_path / "cache" / "models").iterdir()
    question = next(iter(json.loads((entry / "answers.json").read_text())))
    (entry / "answers.json").write_text(spoiled % question if "%s" in spoiled else spoiled)
    manifest = entry / "manifest.json"
    from waferline.evidence import cache

    manifest.write_text(json.dumps({"answers.json": cache.digest_of_file(entry / "answers.json")}))
    assert ask(known_of(study, tmp_path / "cache")) == first
    assert len(made) == 2


def test_an_answer_survives_a_trip_through_json(study, tmp_path):
    found = ask(known_of(study, tmp_path / "cache"))
    assert Answer.from_json(json.loads(json.dumps(found.to_json()))) == found
