"""Uncertainty: what the spread of a model's inputs does to its outputs. The same seed gives the same bytes, whatever the number of threads."""
