"""A study is loaded whole or refused in one line; what its chapters place must exist."""

from __future__ import annotations

import pytest
from mini_study import FILES

from waferline.errors import BadInput
from waferline.study.study import languages_of, load_study

MARKET = "chapters/zh/market.md"


def changed(name: str, old: str, new: str) -> dict[str, str]:
    assert old in FILES[name]
    return {name: FILES[name].replace(old, new, 1)}


def test_the_mini_study_loads_in_both_languages(loaded):
    study = loaded()

    assert {lang: [c.id for c in chapters] for lang, chapters in study.chapters.items()} == {
        "zh": ["cover", "market", "method"],
        "en": ["cover", "market", "method"],
    }
    assert list(study.exhibits) == ["fig01", "fig02", "fig03", "tab01"]
    assert languages_of(study.root) == ("zh", "en")


@pytest.mark.parametrize(
    ("changes", "where", "what"),
    [
        ({"study.toml": None}, "", "not a study"),
        ({"names.toml": None}, "names.toml", "no such file"),
        ({"theses.toml": None}, "theses.toml", "no such file"),
        ({"chapters/zh/market.md": None}, MARKET, "no such file"),
        ({"exhibits/fig02.toml": None}, "chapters/en/market.md:12", "unknown exhibit"),
        (changed(MARKET, 'exhibit("fig01")', 'exhibit("fig99")'), f"{MARKET}:3", "unknown exhibit"),
        (changed(MARKET, 'exhibit("fig01")', 'exhibit("../study")'), f"{MARKET}:3", "unknown exhibit"),
        (changed(MARKET, "fig01 fig02", "fig01 nothing"), f"{MARKET}:12", "unknown exhibit"),
        (changed("theses.toml", '"fig01"', '"fig99"'), "theses.toml", "unknown exhibit"),
        (changed("study.toml", 'cover_exhibit = ""', 'cover_exhibit = "fig98"'), "study.toml", "unknown exhibit"),
        (changed("study.toml", '["market"]', '["../market"]'), "study.toml", "chapters is a list of ids"),
        (changed("study.toml", '["market"]', '"market"'), "study.toml", "chapters is a list of ids"),
        (changed("study.toml", 'cover_chapter = "cover"', 'cover_chapter = "../x"'), "study.toml", "cover_chapter is an id"),
        (changed("study.toml", "title = {", "titles = {"), "study.toml", "title has both languages"),
        (changed("study.toml", "[rating]", "[ratings]"), "study.toml", "no rating rule"),
        (changed("study.toml", "broken = 1", ""), "study.toml", "lacks broken"),
        (changed("study.toml", "broken = 1", 'broken = "many"'), "study.toml", "broken is a whole number"),
        (changed("study.toml", "broken = 1", "broken = 2"), "study.toml", "more than the study has theses"),
        (changed("study.toml", "rated by the theses", "at least one of them"), "study.toml", "typed by hand in text"),
        (changed("study.toml", "rated by the theses", "at least {hold}"), "study.toml", "found {hold}"),
        (changed("study.toml", 'title = { zh = "半导体小样"', 'title = { zh = "增长19.1%"'), "study.toml", "typed by hand"),
        ({"names.toml": 'names = ["40%"]'}, "names.toml", "end in a unit"),
        ({"names.toml": 'names = ["627.6"]'}, "names.toml", "may not be a number"),
        ({"names.toml": 'names = ["627.6亿"]'}, "names.toml", "end in a unit"),
        ({"names.toml": 'names = "RTX 4090"'}, "names.toml", "list of names"),
        ({"names.toml": "names = [4090]"}, "names.toml", "list of names"),
    ],
)  # fmt: skip
def test_a_fault_is_one_line_at_its_place(loaded, changes, where, what):
    with pytest.raises(BadInput) as caught:
        loaded(changes)
    assert where in str(caught.value)
    assert what in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_does_not_exist_is_no_study(tmp_path):
    with pytest.raises(BadInput, match="no such study"):
        load_study(tmp_path / "nowhere", ("zh",))


def test_only_the_languages_asked_for_are_read(loaded):
    study = loaded({"chapters/en/market.md": None}, langs=("zh",))

    assert list(study.chapters) == ["zh"]


def test_a_list_of_names_without_end_is_refused_at_once(loaded):
    names = ", ".join(f'"a{n}"' for n in range(100_000))

    with pytest.raises(BadInput, match=r"names\.toml: too many names"):
        loaded({"names.toml": f"many = [{names}]"})


def test_the_rating_rule_is_worded_from_its_own_counts(loaded):
    worded = 'zh = "{theses}条中至少{holds}条成立为{good}，至少{broken}条被推翻为{poor}", en = "{good}: at least {holds}"'

    rule = loaded(changed("study.toml", 'zh = "按论点评级", en = "rated by the theses"', worded)).rating

    assert rule.text.zh == "一条中至少一条成立为看好，至少一条被推翻为看淡"
    assert rule.text.en == "Overweight: at least one"
