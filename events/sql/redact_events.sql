-- Empty a range of one user's events that were erased; those that say so of it stay.
update taskfold.event
set data = 'null', metadata = 'null'
where user_id = %(user_id)s
    and sequence > %(after)s and sequence <= %(until)s
    and type <> 'LogErased'
    and data <> 'null'
