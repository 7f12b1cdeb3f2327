"""Waferline: a semiconductor sector strategy that can be rebuilt, checked and held to account."""
