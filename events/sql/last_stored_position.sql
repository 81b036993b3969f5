-- The position of the last event anybody can see.
select coalesce(max(position), 0) from taskfold.event
