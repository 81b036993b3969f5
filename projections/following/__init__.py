"""Carrying async projections on behind the log: whose turn it is, batches, poison, pauses."""
