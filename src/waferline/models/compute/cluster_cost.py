"""This module prices chip-hours of a cluster: rented, written off while it is used, or bought, and the energy it draws."""

from __future__ import annotations

import numpy as np

from waferline.models.model import Array

HOURS_A_YEAR = 24 * 365.25


def energy_kwh(hours: Array, chip_w: Array, server: Array, share: Array, pue: Array) -> Array:
    """Energy in kWh of so many chip-hours, with the building's cooling.

    chip power · server power over chip power · average draw over the maximum · power usage effectiveness · hours.
    Source: Cottier et al., The rising costs of training frontier AI models (arXiv 2405.21015), section 2, and energy.py
    of epoch-research/training-cost-trends.
    """
    return hours * chip_w / 1000 * server * share * pue


def written_off(hours: Array, price: Array, age_years: Array, decades_a_year: Array) -> Array:
    """What so many chip-hours take from the value of hardware bought for `price` a chip and `age_years` old at the start.

    The value falls by `decades_a_year` powers of ten a year, so an hour costs value · decades · ln 10 / hours of a year.
    Source: cost_estimation.py and pricing.py of epoch-research/training-cost-trends (0.14 a year).

    >>> round(float(written_off(np.asarray(1e6), np.asarray(24875.0), np.asarray(0.0), np.asarray(0.14))))
    914756
    """
    value = price * 10.0 ** (-decades_a_year * age_years)
    worn: Array = hours * value * decades_a_year * np.log(10) / HOURS_A_YEAR
    return worn


def with_network(cost: Array, network_share: Array) -> Array:
    """The cost of servers with that of the network between them, which is `network_share` of both together."""
    return cost / (1 - network_share)
