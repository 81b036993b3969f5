-- Forget a batch of the receipts of a log as far as it was erased.
delete from taskfold.receipt
where user_id = %(user_id)s and key = any(array(
    select key
    from taskfold.receipt
    where user_id = %(user_id)s
        and sequence <= (select erased_through from taskfold.user_log where user_id = %(user_id)s)
    limit %(limit)s
))
