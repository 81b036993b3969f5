-- The same since PostgreSQL 17, which can also bound a transaction as a whole.
-- And a commit that was answered must be on disk, whatever the server's default is.
select
    set_config('idle_in_transaction_session_timeout', %(limit)s, true),
    set_config('transaction_timeout', %(limit)s, true),
    set_config('synchronous_commit', case current_setting('synchronous_commit')
        when 'off' then 'on' when 'local' then 'on' else current_setting('synchronous_commit')
    end, true)
