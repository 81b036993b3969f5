-- Note that an erasure has been carried out; never that a later one has.
update taskfold.user_log
set cleared_through = %(through)s
where user_id = %(user_id)s and erased_through >= %(through)s and cleared_through < %(through)s
