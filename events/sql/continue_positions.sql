-- Give out positions behind the imported ones from now on.
select setval('taskfold.event_position_seq', greatest(
    (select max(position) from taskfold.event),
    pg_sequence_last_value('taskfold.event_position_seq')
))
where exists (select from taskfold.event)
