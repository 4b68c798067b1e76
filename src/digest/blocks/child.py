"""The program that makes one block in a process of its own. It reads a question from stdin and writes HTML and text.

Both are JSON. The process has a limit of memory and of time, and its environment contains none of our settings. What
the code of a block prints goes to stderr.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

MEMORY_BYTES = 1 << 30
GRACE_SECONDS = 5
"""The process ends itself this long after its deadline, in case the parent was killed."""
LONGEST_REASON = 300


def main() -> None:
    """Set the limits of the process, read one question from stdin, and write the answer to stdout."""
    asked = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.alarm(int(asked["seconds"]) + GRACE_SECONDS)
    with os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        json.dump(_answer(asked), answers)


def _answer(asked: Mapping[str, Any]) -> dict[str, str]:
    """Return the block's ``html`` and ``text``; an empty dict when it has nothing to show; ``why`` when it failed."""
    from digest.blocks.kinds import kind_of  # noqa: PLC0415 - the limits come first
    from digest.blocks.template import filled  # noqa: PLC0415 - jinja2

    try:
        kind, question = kind_of(asked["kind"]), _question(asked)
        value = kind.value(question)
        if value is None:
            return {}
        html, text = filled(asked["kind"], kind, value, question, asked["folders"])
    except Exception as error:  # noqa: BLE001 - the code of another package may raise anything
        return {"why": f"{type(error).__name__}: {error}"[:LONGEST_REASON]}
    return {"html": html, "text": text}


def _question(asked: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the type is imported after the limits are set
    from digest.blocks.shape import Question, ShownPicture  # noqa: PLC0415 - the limits come first

    values = dict(asked["question"])
    picture = values.pop("picture")
    return Question(
        day=date.fromisoformat(values.pop("day")),
        data=base64.b64decode(values.pop("data")),
        picture=ShownPicture(**picture) if picture else None,
        **values,
    )


if __name__ == "__main__":
    main()
