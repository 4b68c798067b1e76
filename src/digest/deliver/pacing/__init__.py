"""How fast letters leave, and by which relay.

- ``rate_limits``: limits as rules over counts.
- ``relay_choice``: which letters may leave now, and by which relay, within all limits.
- ``throttle``: how fast a relay lets us send, learned from its replies.
- ``relay_health``: whether a relay refuses some readers, or us.
"""
