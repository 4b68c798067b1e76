"""Makes a block in a process of its own, with limits of time and size. A failure there costs only the block."""

from __future__ import annotations

import base64
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import IO, Any

from digest.blocks.shape import NoBlock, Question

MOST_HTML, MOST_TEXT = 12_000, 6_000
"""Most characters of a block: a table of fifteen rows has about 3,000."""
MOST_ANSWER = 200_000
"""Most bytes that are read from the process. JSON may need six bytes for one character."""
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What the process of a block made: text, and HTML that is not yet reduced to what a letter may show."""

    html: str
    text: str


def ask(kind: str, question: Question, folders: Sequence[str], seconds: float) -> Made | None:
    """Make a block of a ``kind`` in a process of its own; None when it has nothing to show on that day.

    ``folders`` hold templates; of several files with one name, the one in the first folder is used.

    Raises:
        NoBlock: It fails, takes longer than ``seconds``, or gives more than MOST_HTML or MOST_TEXT characters.
    """
    answer = _answer(_written(kind, question, folders, seconds), seconds)
    if "why" in answer:
        raise NoBlock(str(answer["why"]))
    if "html" not in answer:
        return None
    made = Made(html=_unicode(answer["html"]), text=_unicode(answer["text"]))
    for name, size, most in (("HTML", len(made.html), MOST_HTML), ("text", len(made.text), MOST_TEXT)):
        if size > most:
            raise NoBlock(f"it gave {size:,} characters of {name}, and at most {most:,} fit into a letter")
    return made


def _unicode(value: object) -> str:
    """Return a value as a text that can be stored.

    Raises NoBlock for half of a surrogate pair, which JSON may contain.
    """
    try:
        str(value).encode()
    except UnicodeEncodeError:
        raise NoBlock("it gave a text with half a character") from None
    return str(value)


def _written(kind: str, question: Question, folders: Sequence[str], seconds: float) -> bytes:
    values = asdict(question) | {"day": question.day.isoformat(), "data": base64.b64encode(question.data).decode()}
    asked = {"kind": kind, "question": values, "folders": list(folders), "seconds": seconds}
    return json.dumps(asked).encode()


def _answer(asked: bytes, seconds: float) -> Mapping[str, Any]:
    with tempfile.TemporaryFile() as question:
        question.write(asked)
        question.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-m", "digest.blocks.child"],
            stdin=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        )
        try:
            return _read(process, time.monotonic() + seconds)
        except TimeoutError:
            raise NoBlock(f"it took longer than {seconds:g} seconds") from None
        finally:
            _end(process)


def _read(process: subprocess.Popen[bytes], deadline: float) -> Mapping[str, Any]:
    data = _all_of(process.stdout, deadline)
    try:
        answer = json.loads(data)
    except ValueError:
        raise NoBlock("its process ended without an answer") from None
    if not isinstance(answer, dict):
        raise NoBlock("its process gave no answer that can be read")
    return answer


def _all_of(pipe: IO[bytes] | None, deadline: float) -> bytes:
    """Read a pipe to its end.

    Raises TimeoutError at the deadline (monotonic), NoBlock for more than MOST_ANSWER bytes.
    """
    if pipe is None:
        raise AssertionError("the process was started with a pipe")
    data = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            piece = os.read(pipe.fileno(), _PIECE)
            if not piece:
                return bytes(data)
            data += piece
            if len(data) > MOST_ANSWER:
                raise NoBlock(f"it gave more than {MOST_ANSWER:,} bytes")
    raise TimeoutError


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and its process group.

    A child that left the group may keep the pipe open; it is not waited for.
    """
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdout is not None:
        process.stdout.close()
    process.wait()


def _environment() -> dict[str, str]:
    """Return the environment for the process: ours without our settings' variables, which may contain passwords."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DIGEST_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
