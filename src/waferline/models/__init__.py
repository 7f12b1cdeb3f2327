"""Economics as pure functions: a model takes named, unit-checked inputs as arrays and returns named outputs.

One value each gives the point estimate, an array of draws the distribution, replaced inputs a scenario: the same code.
Inputs, architectures and chips are data of the study, each with its source; the engine knows no product by name.
"""
