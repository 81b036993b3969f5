-- Forget a batch of receipts that are past their time. Rows another sweep is at are left to it.
delete from taskfold.receipt
where ctid = any(array(
    select ctid
    from taskfold.receipt
    where created_at < %(before)s
    order by created_at
    limit %(limit)s
    for update skip locked
))
