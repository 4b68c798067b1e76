"""Checks before letters are sent.

- ``check``: ``digest check``: sources, keys, templates, links, files, relay, DNS.
- ``readiness``: the checks that are quick and need no network.
- ``specimen``: an invented edition that tests every template.
- ``gate``: the check just before an edition is sent: errors hold it, warnings are reported.
"""
