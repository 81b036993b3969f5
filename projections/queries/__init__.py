"""Reading the read tables. Every function takes whose rows to read first."""
