"""The schema's history, one revision a file, applied under a lock so any process may start it."""
