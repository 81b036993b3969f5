-- The last of the first users of a range whose logs hold so many events together: whoever is given
-- the range after them gets work of an even size, however long single logs are.
select user_id
from (
    select user_id, sum(sequence) over (order by user_id) - sequence as events_before
    from (
        select user_id, sequence
        from taskfold.user_log
        where user_id > %(after)s and user_id <= %(until)s
        order by user_id
        limit 2000
    ) as next
) as counted
where events_before < %(events)s
order by user_id desc
limit 1
