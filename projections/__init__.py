"""Read tables folded from the log, and the queries that serve them."""
