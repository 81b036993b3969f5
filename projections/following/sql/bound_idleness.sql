-- A projector that stalls in the midst of its transaction must not hold the projection for ever.
select set_config('idle_in_transaction_session_timeout', %(limit)s, true)
