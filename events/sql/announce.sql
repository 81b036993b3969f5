-- Wake the followers in every process.
select pg_notify('taskfold_event', '')
