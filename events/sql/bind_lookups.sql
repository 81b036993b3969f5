-- From here to the end of the transaction, only rows of users who are set are there. Plans are made
-- once, for nobody in particular, and follow indexes: sorting would read all that somebody has.
select
    set_config('role', taskfold.request_role(), true),
    set_config('plan_cache_mode', 'force_generic_plan', true),
    set_config('enable_sort', 'off', true)
