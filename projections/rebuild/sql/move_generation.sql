-- Move a generation that is not live on, if it still is where whoever moves it has read it.
update taskfold.projection
set position = %(to)s
where name = %(name)s and generation = %(generation)s and position = %(from)s and state <> 'live'
