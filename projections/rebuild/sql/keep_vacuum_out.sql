-- Neither reads nor writes are in the way of this, nor it of them, but a vacuum is, and ends for it.
lock table {table} in share update exclusive mode
