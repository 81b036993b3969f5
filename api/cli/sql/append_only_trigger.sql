-- How the trigger that keeps the log append-only fires: A always, O unless replicating, D never.
select tgenabled::text
from pg_catalog.pg_trigger
where tgrelid = to_regclass('taskfold.event') and tgname = 'event_is_append_only'
