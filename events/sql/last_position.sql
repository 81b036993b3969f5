-- The last position given out, committed or not; null before the first.
select pg_sequence_last_value('taskfold.event_position_seq')
