-- Forget a batch of the receipts of a log as far as it was erased, but for those of erasures: a retry
-- of one must not erase what came after it.
delete from taskfold.receipt
where user_id = %(user_id)s and key = any(array(
    select key
    from taskfold.receipt
    where user_id = %(user_id)s
        and not (task_id = 0 and steps is null and sequence in (
            select sequence from taskfold.event where user_id = %(user_id)s and task_id = 0
        ))
        and sequence <= (select erased_through from taskfold.user_log where user_id = %(user_id)s)
    limit %(limit)s
))
