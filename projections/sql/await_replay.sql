-- Wait for whoever replays the range that a user is in to commit.
select shard
from taskfold.projection_shard
where name = %(name)s and after_user < %(user_id)s and until_user >= %(user_id)s
for update
