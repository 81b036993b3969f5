-- The key for cursors.
select key from taskfold.signing_key where purpose = 'cursor'
