-- An empty log of somebody who is not there, to be taken back.
insert into taskfold.user_log (user_id) values (%(user_id)s)
