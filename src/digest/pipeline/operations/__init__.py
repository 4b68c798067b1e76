"""The state of the service, for its operator.

- ``outlook``: what is stored, the calendar and the disk as facts.
- ``alerting``: facts to alerts, each sent once.
- ``retry``: items in quarantine are tried again.
- ``readings``: figures read from the database on request.
- ``pulse``: what one serving process knows of itself.
"""
