-- The same for an index, the key of a table among them.
alter index {before} rename to {after}
