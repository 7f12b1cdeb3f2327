"""A study: a strategy as written, and the report it becomes on a snapshot. The room draws nothing."""
