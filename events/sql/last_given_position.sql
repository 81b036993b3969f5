-- The last position given out, whether or not anything was committed there; 0 before the first.
select coalesce(pg_sequence_last_value('taskfold.event_position_seq'), 0)
