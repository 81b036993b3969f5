-- Take back all tickets of one user.
delete from taskfold.stream_ticket
where user_id = %(user_id)s
