-- From here to the end of the transaction, one user's rows are all there is.
select
    set_config('taskfold.user_id', %(user_id)s, true),
    set_config('role', taskfold.request_role(), true)
