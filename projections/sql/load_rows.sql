-- The rows some events are about to change. Lateral: one index probe a row, whatever the planner
-- believes of the table. Of a history, the newest row of each key.
select found.*
from jsonb_to_recordset(%(keys)s::jsonb) as wanted ({key})
cross join lateral (
    select {columns}
    from {table} as stored
    where {matches}
    order by {newest_first}
    limit 1
) as found
