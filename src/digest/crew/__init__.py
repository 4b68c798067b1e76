"""Who does the work of `digest serve`: threads of one process, or processes on many machines.

- ``port``: the interface of both crews, and the values that they exchange.
- ``threads``: one process. APScheduler triggers the work, and only the ledger keeps state.
- ``cluster``: any number of machines on one PostgreSQL, with the engine procrastinate.
"""
