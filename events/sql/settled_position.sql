-- The last committed position, to be asked for while no writer is between taking positions and
-- committing them. Rows that came by replication, ahead of the sequence, are not settled: their
-- positions will be given out again until the sequence is moved on.
select least(
    (select coalesce(max(position), 0) from taskfold.event),
    (select coalesce(pg_sequence_last_value('taskfold.event_position_seq'), 0))
)
