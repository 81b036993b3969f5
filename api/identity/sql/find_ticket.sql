-- Look at a ticket without taking it; nothing when it was taken already, or is too old.
select believed_until
from taskfold.stream_ticket
where user_id = %(user_id)s and hash = %(hash)s and expires_at > %(now)s
