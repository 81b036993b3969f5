-- The time by the clock that leases and failures are noted by.
select clock_timestamp()
