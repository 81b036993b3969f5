-- Make the role of requests, and give it and the maintainer what each may do.
select taskfold.secure()
