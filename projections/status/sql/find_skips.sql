-- Every event that a projection was told to pass over.
select name, user_id, sequence, type, failure as reason, skipped_at
from taskfold.projection_skip
order by skipped_at, user_id, sequence
