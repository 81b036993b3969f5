-- Held from before positions are given out until they are committed, so that a reader who takes
-- the lock exclusively for an instant knows that no lower position can still appear.
select pg_advisory_xact_lock_shared(%(key)s)
