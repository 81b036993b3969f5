-- The role that requests run as; "none" where there is none of their own.
select taskfold.request_role()
