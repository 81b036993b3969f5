-- As if nobody had been set in this transaction.
select set_config('taskfold.user_id', '', true)
