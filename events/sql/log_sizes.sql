-- How many events the heads of everybody's logs stand for.
select coalesce(sum(sequence), 0)::bigint from taskfold.user_log
