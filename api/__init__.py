"""The edge: HTTP, the command line, settings, identity, the embedded server. Everything is wired here."""
