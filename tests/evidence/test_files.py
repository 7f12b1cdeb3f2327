"""A study folder may come from a stranger: only files inside it, of bounded size, in UTF-8."""

from __future__ import annotations

import pytest

from waferline.errors import BadInput
from waferline.evidence.files import MAX_BYTES, line_of, read_text, read_toml


def refusal(read, *arguments):
    with pytest.raises(BadInput) as caught:
        read(*arguments)
    return str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    assert refusal(read_text, tmp_path, "study.toml").startswith("study.toml: the study has no such file")


@pytest.mark.parametrize("name", ["../secret.toml", "a/../../secret.toml"])
def test_a_path_out_of_the_study_is_refused(tmp_path, name):
    (tmp_path / "secret.toml").write_text("a = 1")
    (tmp_path / "study" / "a").mkdir(parents=True)

    assert "outside the study folder" in refusal(read_text, tmp_path / "study", name)


def test_an_absolute_path_is_refused(tmp_path):
    (tmp_path / "secret.toml").write_text("a = 1")
    (tmp_path / "study").mkdir()

    assert "outside the study folder" in refusal(read_text, tmp_path / "study", str(tmp_path / "secret.toml"))


def test_a_link_out_of_the_study_is_refused(tmp_path):
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "a.md").symlink_to(tmp_path / "secret.md")

    assert "outside the study folder" in refusal(read_text, tmp_path / "study", "a.md")


def test_a_linked_folder_out_of_the_study_is_refused(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.md").write_text("secret")
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "chapters").symlink_to(tmp_path / "other")

    assert "outside the study folder" in refusal(read_text, tmp_path / "study", "chapters/a.md")


def test_a_link_within_the_study_is_read(tmp_path):
    (tmp_path / "b.md").write_text("b")
    (tmp_path / "a.md").symlink_to(tmp_path / "b.md")

    assert read_text(tmp_path, "a.md") == "b"


def test_a_link_to_itself_is_no_file(tmp_path):
    (tmp_path / "a.md").symlink_to(tmp_path / "a.md")

    assert "no such file" in refusal(read_text, tmp_path, "a.md")


def test_a_file_beyond_the_limit_is_refused(tmp_path):
    (tmp_path / "a.md").write_bytes(b"a" * (MAX_BYTES + 1))

    assert "too large" in refusal(read_text, tmp_path, "a.md")


def test_bytes_that_are_not_utf8_are_named_by_their_place(tmp_path):
    (tmp_path / "a.md").write_bytes(b"ab\xff")

    assert "not UTF-8 (byte 2)" in refusal(read_text, tmp_path, "a.md")


def test_bad_toml_is_one_line_with_its_line(tmp_path):
    (tmp_path / "a.toml").write_text('a = 1\nb = "unclosed\nc = 3\n')

    said = refusal(read_toml, tmp_path, "a.toml")

    assert said.startswith("a.toml:2: not valid TOML")
    assert "\n" not in said


def test_toml_nested_without_end_is_refused(tmp_path):
    (tmp_path / "a.toml").write_text("a = " + "[" * 100_000)

    assert refusal(read_toml, tmp_path, "a.toml").startswith("a.toml")


def test_the_line_of_a_needle():
    assert (line_of("a\nb\nc", "c"), line_of("a", "z")) == (3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "9" * 5000,
        ".".join("a" * 100_000) + " = 1",
        "[" + ".".join("a" * 100_000) + "]",
        "\ufeffa = 1",
    ],
)
def test_a_hostile_toml_is_one_clear_line_at_once(tmp_path, text):
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")

    said = refusal(read_toml, tmp_path, "a.toml")
    assert said.startswith("a.toml") and len(said) < 300
