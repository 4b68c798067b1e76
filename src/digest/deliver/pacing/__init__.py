"""How fast letters leave, and by which relay.

- ``rate_limits``: the operator's limits, as rules over counts.
- ``held_places``: which letters of a run use the places of a limit of seconds.
- ``relay_choice``: which letters may leave now, and by which relay, within all limits.
- ``throttle``: how fast one relay takes letters, learned from its replies.
- ``relay_health``: whether a relay refuses single readers, or refuses us.
"""
