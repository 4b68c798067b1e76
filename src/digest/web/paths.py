"""Repairs paths of requests that mail programs and proxies changed."""

from __future__ import annotations

import re
from collections.abc import Collection

from digest.text.link_remains import without_quoting

_BEHIND = re.compile(r"[^A-Za-z0-9._-].*|[.]+\Z", re.DOTALL)
"""What a mail program left after a token in a link: from a bracket, full stop or blank on."""
_BEFORE = re.compile(r"^[^A-Za-z0-9_-]+")


def mended(path: str, root: str, guarded: Collection[str]) -> str:
    """Return the repaired path of a request, below ``root``, the path of the site. A proxy may have removed ``root``.

    ``guarded`` are the first parts of paths that are followed by a token. In such paths, the case of the first part and
    characters left around the token are corrected. A slash at the end makes no difference.
    """
    bare = path[len(root) :] if path.lower().startswith(f"{root}/".lower()) else path
    if path.lower() in {root.lower(), ""}:
        bare = "/"
    first, slash, rest = bare.strip("/").partition("/")
    if first.lower() in guarded:
        slash, rest = slash or "/" * bare.endswith("/"), without_quoting(rest)
        return f"{root}/{first.lower()}{slash}{_BEHIND.sub('', _BEFORE.sub('', rest)) or rest}"
    return f"{root}/{first}{slash}{rest}"
