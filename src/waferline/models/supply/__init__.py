"""Supply: what wafers, packages and memory allow, set beside what revenue and spending say was bought."""
