-- Take the projections from those who carry them on: what they have read but not written is void, and
-- they read it again.
update taskfold.projection
set owner = null, owned_until = null
where state = 'live' and owner is not null
