"""A letter and its readers to deliveries: nobody twice, nobody missed.

- ``message``: one reader's bytes: spliced and signed.
- ``protocol``: SMTP without sockets: a session, its syntax, and what replies mean.
- ``transports``: where letters go: a relay, or files.
- ``ledger``: which reader got which letter: its rules, and the journal of what was handed over.
- ``pacing``: how fast, by which relay: limits, throttling, a relay's health.
- ``run``: one run of sending: claims, routes, lanes, outcomes.
- ``dns``: what the DNS says of the domain that letters come from.
"""
