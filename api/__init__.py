"""The edge: HTTP, the command line, settings, identity, an embedded PostgreSQL; all is wired here."""
