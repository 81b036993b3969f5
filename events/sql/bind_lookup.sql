-- From here to the next of its kind, one user's rows are all there is.
select set_config('taskfold.user_id', %(user_id)s, true)
