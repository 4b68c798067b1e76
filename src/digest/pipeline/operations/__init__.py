"""The state of the service, for its operator.

- ``outlook``: collects facts: what is stored, the calendar, the disk.
- ``alerting``: turns facts into alerts, each sent once.
- ``retry``: lets items in quarantine be tried again.
- ``readings``: figures read from the database on request.
- ``pulse``: what one serving process knows about itself.
"""
