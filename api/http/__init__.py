"""The HTTP edge: requests become commands and queries, answers and errors become JSON."""
