"""Waiver files: what is read, and how each fault is named by file and line."""

from __future__ import annotations

from datetime import date

import pytest

from waferline.audit.waivers import read_waivers
from waferline.errors import BadInput

ID = "3f2a9c1b7d10"
TOML = f"""# agreed at the desk
[[waiver]]
id = "{ID}"
reason = "the restated base is told in footnote 4"
person = "R. Okafor"
day = 2025-03-20
"""
CSV = f'id,reason,person,day\n{ID},"the restated base, told in footnote 4",R. Okafor,2025-03-20\n'


@pytest.mark.parametrize(("name", "text"), [("w.toml", TOML), ("w.csv", CSV), ("w.csv", "\ufeff" + CSV)])
def test_toml_and_csv_say_the_same(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    waiver = read_waivers(tmp_path / name)[ID]

    assert (waiver.person, waiver.day) == ("R. Okafor", date(2025, 3, 20))
    assert waiver.where.endswith(f"{name}:2")


def test_an_empty_file_waives_nothing(tmp_path):
    (tmp_path / "w.toml").write_text("")

    assert read_waivers(tmp_path / "w.toml") == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            TOML.replace('reason = "the restated base is told in footnote 4"\n', ""),
            ("w.toml:2", "needs reason"),
        ),
        (TOML.replace("R. Okafor", "  "), ("w.toml:2", "needs person")),
        (TOML.replace("day = 2025-03-20", ""), ("w.toml:2", "needs day")),
        (TOML.replace("2025-03-20", '"20.3.2025"'), ("w.toml:2", "not a day")),
        (TOML.replace("2025-03-20", "2025-03-20T10:00:00"), ("w.toml:2", "not a day")),
        (TOML.replace(ID, "3f2a"), ("w.toml:2", "not the id")),
        (TOML.replace("person", "persno"), ("w.toml:2", "unknown field", "persno")),
        (TOML + "\n" + TOML, ("w.toml:9", "twice", "w.toml:2")),
        (TOML.replace("[[waiver]]", "[[waver]]"), ("w.toml", "[[waiver]]", "waver")),
        (TOML.replace("[[waiver]]", "[[waiver]"), ("w.toml:2", "not valid TOML")),
    ],
)
def test_a_fault_in_toml_names_its_line(tmp_path, text, words):
    assert_refused(tmp_path / "w.toml", text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CSV.replace("person,day", "person"), ("w.csv:1", "wrong columns")),
        (CSV + f"{ID[::-1]},,R. Okafor,2025-03-20\n", ("w.csv:3", "needs reason")),
        (CSV + f"{ID[::-1]},why,R. Okafor\n", ("w.csv:3", "wrong number of cells")),
        (CSV + f"{ID[::-1]},why,R. Okafor,2025-02-30\n", ("w.csv:3", "not a day")),
        (CSV + f"{ID},why,R. Okafor,2025-02-20\n", ("w.csv:3", "twice", "w.csv:2")),
        (CSV + '"' + "x" * 10, ("w.csv:3", "not valid CSV")),
        ("", ("w.csv:1", "wrong columns", "nothing")),
    ],
)
def test_a_fault_in_csv_names_its_line(tmp_path, text, words):
    assert_refused(tmp_path / "w.csv", text, words)


def test_another_kind_of_file_and_a_missing_one_are_refused(tmp_path):
    assert_refused(tmp_path / "w.yaml", "a: b", ("w.yaml", ".toml or .csv"))
    with pytest.raises(BadInput, match="cannot be read"):
        read_waivers(tmp_path / "none.toml")


def assert_refused(path, text, words):
    path.write_text(text)
    with pytest.raises(BadInput) as caught:
        read_waivers(path)
    for word in words:
        assert word in str(caught.value), str(caught.value)
