"""The daemon as a service: one process on a state, that can be asked, reloaded and trusted.

running    the story: start, serve, reload, stop; and what systemd is told
places     where the lock and the socket of a state are
pen        who may write: the daemon lends its turn
troubles   what is wrong with the service, from when to when, and who is told
record     what `watcher status` is told
routine    the ping and the line a day

Those who only ask import the file that they need: the whole daemon is not loaded for them.
"""
