"""Units from wafers and memory on accelerators."""

import pytest

from waferline.errors import BadInput
from waferline.models.registry import model_named
from waferline.models.running import run

WAFERS = {"area_small": 1700, "area_large": 2831, "large_wafers": 0.5, "yield": 0.9}


def test_wafers_times_packages_times_yield():
    found = run(model_named("units-from-wafers"), None, WAFERS | {"wafers": 1000})
    assert found.value("per_wafer") == 23  # (30 + 16) / 2
    assert found.value("units") == pytest.approx(20_700)
    assert found.value("dies") == pytest.approx(1000 * 0.9 * (15 + 8 * 2))


def test_capacity_is_a_rate_over_months():
    found = run(
        model_named("units-from-wafers"), None, WAFERS | {"capacity": 1000, "months": 6, "allocation": 0.5}
    )
    assert found.value("units") == pytest.approx(3 * 20_700)


def test_more_packages_than_a_wafer_holds_are_refused():
    with pytest.raises(BadInput, match="more packages than the area of a wafer allows"):
        run(model_named("units-from-wafers"), None, WAFERS | {"wafers": 1, "packages_small": 60})


MEMORY = {"units": [100, 100], "memory": [80, 96], "time": [2023.875, 2024.125], "packaging_yield": 1}


def test_memory_without_a_lead_is_bought_when_the_chip_is_sold():
    found = run(model_named("memory-on-accelerators"), None, MEMORY | {"year": 2023, "lead": 0})
    assert found.value("memory_bought") == pytest.approx(8000)
    assert found.value("memory_sold") == pytest.approx(8000)


def test_a_lead_takes_memory_of_next_year_into_this_one():
    found = run(model_named("memory-on-accelerators"), None, MEMORY | {"year": 2023, "lead": 1})
    assert found.value("memory_bought") > 8000
    assert found.value("memory_sold") == pytest.approx(8000)


def test_memory_on_packages_that_fail_is_bought_too():
    found = run(
        model_named("memory-on-accelerators"),
        None,
        MEMORY | {"year": 2023, "lead": 0, "packaging_yield": 0.8},
    )
    assert found.value("memory_bought") == pytest.approx(10_000)
