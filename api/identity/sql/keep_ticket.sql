-- Keep what a ticket stands for until it is redeemed.
insert into taskfold.stream_ticket (user_id, hash, believed_until, expires_at)
values (%(user_id)s, %(hash)s, %(believed_until)s, %(expires_at)s)
