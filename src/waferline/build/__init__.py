"""A build: one study, one day, one folder; whole or not at all."""
