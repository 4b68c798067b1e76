"""Finds the files that come with the program: templates and the example settings."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def data_folder() -> Path:
    """Return the folder that holds ``templates/`` and ``config/``.

    A wheel carries them as ``digest/_data``; an editable install and a checkout have them at the checkout's root.
    """
    package = Path(__file__).resolve().parent
    packaged = package / "_data"
    return packaged if packaged.is_dir() else package.parent.parent
