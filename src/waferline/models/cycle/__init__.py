"""The cycle: where it turned, how likely a contraction is now, and what today's data say of sales not yet printed."""
