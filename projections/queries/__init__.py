"""Reading the read tables. Every function takes first who reads, and reads nobody else's rows."""
