"""Paths as mail programs and proxies leave them, led to the doors that they were written for."""

from __future__ import annotations

import re
from collections.abc import Collection

from digest.text.link_remains import without_quoting

_BEHIND = re.compile(r"[^A-Za-z0-9._-].*|[.]+\Z", re.DOTALL)
"""What follows a token in a link that a mail program cut wrongly: a bracket, a stop, a blank, and all after it."""
_BEFORE = re.compile(r"^[^A-Za-z0-9_-]+")


def mended(path: str, root: str, guarded: Collection[str]) -> str:
    """Return the path of a page under ``root``, which a proxy may have taken off.

    ``guarded`` are first parts of paths behind which a token stands; there the case of the first part, and what was
    left around the token, make no difference. A slash at the end never does.
    """
    bare = path[len(root) :] if path.lower().startswith(f"{root}/".lower()) else path
    if path.lower() in {root.lower(), ""}:
        bare = "/"
    first, slash, rest = bare.strip("/").partition("/")
    if first.lower() in guarded:
        slash, rest = slash or "/" * bare.endswith("/"), without_quoting(rest)
        return f"{root}/{first.lower()}{slash}{_BEHIND.sub('', _BEFORE.sub('', rest)) or rest}"
    return f"{root}/{first}{slash}{rest}"
