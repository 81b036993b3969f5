-- From here to the end of the transaction, some users' rows are all there is. A writer that stalls
-- must not hold its locks, and with them every reader, for ever. And a commit that was answered must
-- be on disk, whatever the server's default is.
select
    set_config('taskfold.user_ids', %(user_ids)s, true),
    set_config('role', taskfold.request_role(), true),
    set_config('idle_in_transaction_session_timeout', %(limit)s, true),
    set_config('synchronous_commit', case current_setting('synchronous_commit')
        when 'off' then 'on' when 'local' then 'on' else current_setting('synchronous_commit')
    end, true)
