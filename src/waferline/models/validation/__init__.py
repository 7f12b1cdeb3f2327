"""Validation: models run on published cases, and how far off they were. A case is data; nothing here knows a case."""
