-- Whether anything was ever written here.
select exists (select from taskfold.event) or exists (select from taskfold.user_log where sequence > 0)
