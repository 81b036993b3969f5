"""The `taskfold` command: one module a verb, and what the verbs share."""
