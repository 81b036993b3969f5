"""Holding read tables against a fold of history."""
