-- How many events the head of one user's log stands for.
select coalesce(sum(sequence), 0)::bigint from taskfold.user_log where user_id = %(user_id)s
