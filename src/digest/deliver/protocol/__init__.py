"""SMTP without sockets.

- ``smtp``: one session: bytes in, events and bytes out.
- ``smtp_syntax``: replies cut from a stream, EHLO, addresses, dot-stuffing.
- ``login``: AUTH.
- ``replies``: what a reply means for letter, reader, connection and run.
- ``refusal``, ``refusal_wording``: whom a refusal is about, by code and words.
"""
