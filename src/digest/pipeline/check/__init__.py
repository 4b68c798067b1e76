"""What must be right before letters leave.

- ``check``: ``digest check``: sources, keys, templates, links, files, relay, DNS.
- ``readiness``: the part of it that takes a moment and no network.
- ``specimen``: an invented edition that every template is tried with.
- ``gate``: the look before an edition goes: errors hold it, warnings are told.
"""
