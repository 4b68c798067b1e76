"""Send one letter to many readers: no reader gets it twice, and none is missed.

- ``message``: the bytes of one reader's letter, with the reader's values and a signature.
- ``protocol``: SMTP without sockets: an SMTP session, its syntax, and the meaning of replies.
- ``transports``: where letters go: a relay, or files.
- ``ledger``: which reader got which letter: its rules, and the journal of letters handed over.
- ``pacing``: how fast, by which relay: limits, throttling, a relay's health.
- ``run``: one run of sending: claims, routes, lanes and outcomes.
- ``dns``: the DNS records of the domain that letters come from.
"""
