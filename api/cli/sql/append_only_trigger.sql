-- Whether the triggers that keep the log append-only fire; nothing if one of them is missing.
select bool_and(tgenabled in ('A', 'O'))
from pg_catalog.pg_trigger
where tgrelid = to_regclass('taskfold.event')
    and tgname in ('event_is_append_only', 'event_is_edited_by_erasure_alone')
having count(*) = 2
