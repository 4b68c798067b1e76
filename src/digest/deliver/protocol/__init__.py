"""SMTP without sockets.

- ``smtp``: one SMTP session: bytes come in, events and bytes go out.
- ``smtp_syntax``: replies parsed from a stream, EHLO, addresses, dot-stuffing.
- ``login``: AUTH.
- ``replies``: what a reply means for the letter, the reader, the connection and the run.
- ``refusal``, ``refusal_wording``: whom a refusal concerns, by its code and its wording.
"""
