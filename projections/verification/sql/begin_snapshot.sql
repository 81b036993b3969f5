-- Everything this transaction reads is as of one instant.
set transaction isolation level repeatable read, read only
