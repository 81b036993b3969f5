-- Keep every append out until the transaction ends: each begins with its user's head. (Locking the
-- events would take a privilege that nobody has.)
lock table taskfold.user_log in share row exclusive mode
