import itertools
import os

import pytest

from waferline.audit.readers import limits
from waferline.audit.readers.limits import bounded_map, read_in_worker
from waferline.errors import BadInput

HERE = os.path.dirname(__file__)  # noqa: PTH120


@pytest.fixture(autouse=True)
def tasks(monkeypatch):
    monkeypatch.syspath_prepend(HERE)
    import worker_tasks

    return worker_tasks


def outcomes(tasks, items, **options):
    options = {"jobs": 2, "seconds": 1, "memory_mb": 500, **options}
    return [str(result) for _, result in bounded_map(tasks.task, items, **options)]


def test_results_come_in_input_order(tasks):
    found = list(bounded_map(tasks.task, range(200), jobs=2))

    assert found == [(n, 2 * n) for n in range(200)]


@pytest.mark.parametrize(
    ("bad", "line"),
    [
        ("spin", "spin: took more than 1 seconds"),
        ("sleep", "sleep: took more than 1 seconds"),
        ("memory", "memory: needs more than 500 MB"),
        ("die", "die: needs more than 500 MB, or is damaged: its reader broke down"),
        ("deep", "deep: is nested too deeply"),
        ("bad", "bad: says no"),
        ("fault", "fault: could not be read: a fault of the reader: found ValueError: two lines"),
    ],
)
def test_one_bad_item_hurts_no_other(tasks, bad, line):
    assert outcomes(tasks, ["a", bad, "b"]) == ["aa", line, "bb"]


def test_what_a_library_prints_does_not_stand_between_the_answers(tasks):
    assert outcomes(tasks, ["print", "a"]) == ["printprint", "aa"]


def test_items_are_taken_only_as_they_are_needed(tasks):
    taken = []

    def source():
        for number in itertools.count():
            taken.append(number)
            yield number

    results = bounded_map(tasks.task, source(), jobs=1)
    assert next(results) == (0, 0)
    results.close()

    assert len(taken) < 10


def test_a_worker_is_replaced_after_its_share(tasks, monkeypatch):
    monkeypatch.setattr(limits, "ITEMS_PER_WORKER", 3)

    assert [r for _, r in bounded_map(tasks.task, range(10), jobs=1)] == [2 * n for n in range(10)]


def test_a_file_is_read_in_a_worker(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("全球销售额6276亿美元", encoding="utf-8")

    assert read_in_worker(path).text == "全球销售额6276亿美元"
    with pytest.raises(BadInput, match="cannot be opened"):
        read_in_worker(tmp_path / "none.txt")
