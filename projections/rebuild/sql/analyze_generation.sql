-- A filled table without statistics would be scanned from end to end by its first queries.
analyze {table}
