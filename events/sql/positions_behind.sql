-- Whether there are events behind the last position given out, so that it would be given out again.
select coalesce(
    (select max(position) from taskfold.event)
        > coalesce(pg_sequence_last_value('taskfold.event_position_seq'), 0),
    false
)
