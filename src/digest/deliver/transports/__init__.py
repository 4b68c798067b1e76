"""Where letters go.

- ``transport``: the interface between dispatch and a transport.
- ``of_url``: the transport that a URL names.
- ``relay``: a relay's settings.
- ``smtp_transport``, ``connection``: the connections to one relay, and each of them: the only files with mail sockets.
- ``files``: letters as files.
- ``single_letter``: sends one test copy, or checks an envelope, outside any ledger.
"""
