-- Whoever stalls in the midst of this transaction must not hold what it has locked for ever.
select set_config('idle_in_transaction_session_timeout', %(limit)s, true)
