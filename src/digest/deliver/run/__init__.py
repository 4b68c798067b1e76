"""One run of sending.

- ``options``: what a run is told, and what it tells.
- ``dispatch``: the run: claim, note the attempt, hand over, note the answer.
- ``ledger_batches``: claims, attempts and outcomes, written together.
- ``route``, ``lane``: one relay's letters, and the connections that carry them.
- ``run_state``: what all parts share.
"""
