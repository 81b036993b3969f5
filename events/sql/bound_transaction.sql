-- A writer that stalls must not hold its locks, and with them every reader, for ever.
select set_config('idle_in_transaction_session_timeout', %(limit)s, true)
