-- From here to the end of the transaction, some users' rows are all there is.
select
    set_config('taskfold.user_ids', %(user_ids)s, true),
    set_config('role', taskfold.request_role(), true)
