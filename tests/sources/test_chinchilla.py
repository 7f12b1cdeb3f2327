from __future__ import annotations

from collections.abc import Callable

from waferline.sources import chinchilla
from waferline.sources.raw_table import Listing


def test_every_point_has_the_day_of_the_paper_and_a_number(listing: Callable[..., Listing]) -> None:
    # Two points of Epoch AI's table, read off figure 4 of arXiv 2203.15556.
    table = (
        "Model Size,Training FLOP,loss\n"
        "6795600349.289497,9.993852799709755e+18,5.005581996196243\n"
        "6795614805.310381,1.2956022673438285e+22,2.0773942450664395\n"
    )

    reading = chinchilla.read_points(listing("chinchilla_points.csv", table, known_from="2022-03-29"))

    assert [(row["subject"], row["series"], row["value"]) for row in reading.rows[2:4]] == [
        ("point 001", "chinchilla.loss", "5.005581996196243"),
        ("point 002", "chinchilla.parameters", "6795614805.310381"),
    ]
    assert {row["period"] for row in reading.rows} == {"2022-03-29"}
