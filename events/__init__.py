"""Facts, and the log that keeps them: their codec, their hash chain, writing and reading."""
