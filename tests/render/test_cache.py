from __future__ import annotations

from pathlib import Path

from waferline.render.cache import cached, read


def test_what_was_made_once_is_not_made_again(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"picture"

    assert [cached(tmp_path / "c", "x.svg", make) for _ in range(2)] == [b"picture", b"picture"]
    assert made == [1]


def test_a_folder_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    assert cached(blocked, "x.svg", lambda: b"picture") == b"picture"


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    cached(tmp_path, "x.svg", lambda: b"picture")

    assert [p.name for p in tmp_path.iterdir()] == ["x.svg"]
    assert read(tmp_path, "y.svg") is None
