"""The only way out: the process that has sockets and keys, and what speaks to it.

`client` and `messages` are for the front-end, which opens nothing itself. `process`, `transport`
and `keys` belong to the egress process alone. `providers` are pure.
"""
