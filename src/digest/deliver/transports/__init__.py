"""Where letters go.

- ``transport``: the interface between dispatch and a transport.
- ``of_url``: the transport that a URL names.
- ``relay``, ``connection``: a relay's settings, and the only file with mail sockets.
- ``files``: letters as files.
- ``single_letter``: sends one test copy, or checks an envelope, outside any ledger.
"""
