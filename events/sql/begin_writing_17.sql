-- The same since PostgreSQL 17, which can also bound a transaction as a whole.
select
    set_config('taskfold.user_ids', %(user_ids)s, true),
    set_config('role', taskfold.request_role(), true),
    set_config('idle_in_transaction_session_timeout', %(limit)s, true),
    set_config('transaction_timeout', %(limit)s, true),
    set_config('synchronous_commit', case current_setting('synchronous_commit')
        when 'off' then 'on' when 'local' then 'on' else current_setting('synchronous_commit')
    end, true)
