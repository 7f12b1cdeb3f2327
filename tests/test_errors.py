"""One error form for every user, whatever the error passes through on its way."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from waferline.errors import BadInput, NotKnown


def test_an_error_is_one_line_with_where_what_expected_found_and_fix():
    error = BadInput("a.toml:14", "two\nunits", expected="wafers", found="USD bn", fix='unit = "wafer"')

    assert str(error) == 'a.toml:14: two units: expected wafers, found USD bn. Try: unit = "wafer"'


def test_an_error_says_the_same_as_data():
    assert BadInput("a", "b", found="c").fields() == {"where": "a", "what": "b", "found": "c"}


def test_an_error_passes_through_a_context_manager_unchanged():
    @contextmanager
    def step():
        yield

    with pytest.raises(BadInput, match=r"^here: wrong$"), step():
        raise BadInput("here", "wrong")


def test_not_known_is_told_apart_from_a_mistake():
    assert isinstance(NotKnown("a", "b"), BadInput)
    assert NotKnown("a", "b") != BadInput("a", "b")
