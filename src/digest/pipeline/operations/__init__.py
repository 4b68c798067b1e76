"""How the service is doing, for its operator.

- ``outlook``: what is stored, the calendar and the disk as facts.
- ``alerting``: facts to alerts, each told once.
- ``retry``: items that were set aside are tried again.
- ``readings``: figures read from the database when somebody asks.
- ``pulse``: what one serving process knows of itself.
"""
