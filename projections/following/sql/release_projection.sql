-- Let go of a projection, so that the next one need not wait for the end of the lease.
update taskfold.projection
set owner = null, owned_until = null
where name = %(name)s and generation = %(generation)s and owner = %(owner)s
