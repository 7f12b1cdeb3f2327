"""Scaling laws: what more training compute, more samples and longer thought buy, each from published points only."""
