-- Wait for locks in this transaction no longer than this.
select set_config('lock_timeout', %(patience)s, true)
