"""SMTP without sockets.

- ``smtp``: one session: bytes in, events and bytes out.
- ``smtp_syntax``: replies cut from a stream, EHLO, addresses, dot-stuffing.
- ``login``: AUTH.
- ``replies``: what a reply means for letter, reader, connection and run.
- ``refusals``, ``about``: whom a refusal is about, by code and words.
"""
