"""How fast letters leave, and by which relay.

- ``rates``: limits as rules over counts.
- ``rate_limiter``: who may leave now, within all limits.
- ``throttle``: how fast a relay lets us send, learned from its replies.
- ``relay_health``: whether a relay refuses some readers, or us.
"""
