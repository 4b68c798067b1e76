"""Which reader got which letter.

- ``ledger``: the rules for the rows of the ledger, and its interface.
- ``journal``: a file of the letters that a run handed over; it survives when the run is killed.
- ``recovery``: finds out what became of the letters that earlier runs left unfinished.
- ``memory``: a ledger without a database, for tests and trials.
"""
