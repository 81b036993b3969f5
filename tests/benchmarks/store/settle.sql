-- Projections that follow the log have nothing to catch up with: what they hold is not measured,
-- and a server that does so while others are measured would be.
update taskfold.projection
set position = (select coalesce(max(position), 0) from taskfold.event)
where name not in ('task', 'task_terms', 'task_change')
