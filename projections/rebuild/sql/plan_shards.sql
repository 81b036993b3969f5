-- Divide all users, known or yet to come, into ranges whose logs hold about as many events.
insert into taskfold.projection_shard (name, shard, after_user, until_user, done_user)
select
    %(name)s, row_number() over (order by until_user),
    lag(until_user, 1, %(first)s) over (order by until_user), until_user,
    lag(until_user, 1, %(first)s) over (order by until_user)
from (
    select max(user_id) as until_user
    from (
        select
            user_id,
            ceil(%(shards)s * sum(sequence) over (order by user_id)
                / nullif(sum(sequence) over (), 0)) as shard
        from taskfold.user_log
    ) as placed
    where shard < %(shards)s
    group by shard
    union all
    select %(last)s
) as bounds
