"""Facts, and the log that keeps them: event types, their codec, the hash chain, writing and reading."""
