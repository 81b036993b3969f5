-- Take a ticket, so that nobody else can; nothing when it was taken already, or is too old.
delete from taskfold.stream_ticket
where user_id = %(user_id)s and hash = %(hash)s and expires_at > %(now)s
returning believed_until
