-- Forget a batch of tickets that nobody came to redeem. Rows another sweep is at are left to it.
delete from taskfold.stream_ticket
where ctid = any(array(
    select ctid
    from taskfold.stream_ticket
    where expires_at < %(before)s
    order by expires_at
    limit %(limit)s
    for update skip locked
))
