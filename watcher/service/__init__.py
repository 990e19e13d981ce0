"""The daemon as a service: one process on a state, that can be asked, reloaded and trusted.

running    the story: start, serve, reload, stop; and what systemd is told
places     where the lock and the socket of a state are
pen        who may write: the daemon lends its turn
troubles   what is wrong with the service, from when to when, and who is told
record     what `watcher status` is told
routine    the ping, the line a day, the backup a day
keeper     the backup a day: made, verified, and only so many kept
mending    a damaged database at the start: moved aside, a backup in its place
copies     backups and damaged databases, told by their names

Those who only ask import the file that they need: the whole daemon is not loaded for them.
"""
