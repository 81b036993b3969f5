"""How every projection is: how far behind, what it stopped at, how its rebuild goes."""
