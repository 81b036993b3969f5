"""Rebuilding a read table from history beside the live one: replay, catch up, verify, switch."""
