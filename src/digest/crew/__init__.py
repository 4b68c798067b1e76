"""Who does the work of `digest serve`: threads of one process, or processes on many machines.

- ``port``: what both do, and the values that they exchange.
- ``threads``: one process; APScheduler looks at the clock, and the ledger is the only memory.
- ``cluster``: any number of machines on one PostgreSQL, by the engine procrastinate.
"""
