"""Compute economics: what training, serving and running a model cost, from its architecture and the chip."""
