-- The same since PostgreSQL 17, which can also bound a transaction as a whole.
select
    set_config('idle_in_transaction_session_timeout', %(limit)s, true),
    set_config('transaction_timeout', %(limit)s, true)
