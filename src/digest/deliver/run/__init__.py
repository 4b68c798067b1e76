"""One run of sending.

- ``options``: the options of a run, its progress and its report.
- ``dispatch``: the run: claim, note the attempt, hand over, note the reply.
- ``ledger_batches``: claims, attempts and outcomes, written together.
- ``way``: a transport with its share, its limits and its name.
- ``route``, ``lane``: one relay's letters, and the connections that carry them.
- ``run_state``: the state that all parts share.
"""
