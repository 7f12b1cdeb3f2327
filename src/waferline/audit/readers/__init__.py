"""Readers: a file of any kind the audit takes, into one document."""
