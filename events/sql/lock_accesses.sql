-- One at a time for each user, until the transaction ends; and on disk, whatever the server's default is.
select
    pg_advisory_xact_lock(hashtextextended('taskfold.access ' || %(user_id)s, 0)),
    set_config('synchronous_commit', case current_setting('synchronous_commit')
        when 'off' then 'on' when 'local' then 'on' else current_setting('synchronous_commit')
    end, true)
