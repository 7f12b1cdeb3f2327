"""Demand: what subsidies, adoption and the cycle do to the number of devices sold."""
