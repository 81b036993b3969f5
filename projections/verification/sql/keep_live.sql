-- Keep a table live until the transaction ends. No query, so the snapshot is taken only after it.
lock table {table} in access share mode
