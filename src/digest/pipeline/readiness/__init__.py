"""What must be right before letters leave.

- ``readiness``: what can be looked at in a moment, without a network.
- ``specimen``: an invented edition that every template is tried with.
- ``gate``: the look before an edition goes: errors hold it, warnings are told.
"""
