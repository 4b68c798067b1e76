"""Which reader got which letter.

- ``ledger``: the rules of its rows, and its port.
- ``journal``: what a killed run had handed over, on disk.
- ``recovery``: what a run learns of earlier runs.
- ``memory``: a ledger without a database, for trials.
"""
