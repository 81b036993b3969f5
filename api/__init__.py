"""The edge: HTTP, the command line, settings, identity, the embedded server; all is wired here."""
