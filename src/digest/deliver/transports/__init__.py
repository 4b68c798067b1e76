"""Where letters go.

- ``transport``: what dispatch and a transport ask of each other.
- ``of_url``: the transport that a URL names.
- ``relay``, ``connection``: a relay, and the only file with mail sockets.
- ``files``: letters as files.
- ``single_letter``: one test copy, or an envelope alone, outside any ledger.
"""
