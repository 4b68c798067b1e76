"""PostgreSQL's programs for dumps, pg_dump and pg_restore, run as processes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from digest.errors import BackupError, MissingTool

CREW = "digest_crew"
"""Schema of the cluster's jobs. It is not dumped: jobs can be made again, and a copy must not repeat old ones."""
LAST_LINES = 5
"""An error message quotes this many last lines of a program's output."""


def dump(url: URL, file: Path, snapshot: str) -> None:
    """Dump an exported snapshot of a database into a file in custom format; the file keeps its mode.

    Raises MissingTool, and BackupError with the program's message.
    """
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}")
    _run("pg_dump", *options, f"--exclude-schema={CREW}", f"--dbname={_address(url)}", password=url.password)


def read_through(file: Path) -> None:
    """Read a whole dump as a restore would, without a database; raise BackupError when it is broken."""
    _run("pg_restore", "--list", str(file))
    _run("pg_restore", f"--file={os.devnull}", str(file))


def load(url: URL, file: Path) -> None:
    """Restore the tables of a dump with their rows, in one transaction."""
    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    _run("pg_restore", *options, f"--dbname={_address(url)}", str(file), password=url.password)


def _address(url: URL) -> str:
    """Return the URL for libpq without its password: every user of the machine can see a command line."""
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _run(tool: str, *arguments: str, password: object = None) -> None:
    program = shutil.which(tool)
    if program is None:
        raise MissingTool(
            f"{tool} is not installed: it comes with PostgreSQL's client programs (Debian: apt install "
            "postgresql-client), which must not be older than the server"
        )
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    done = subprocess.run(  # noqa: S603 - no shell, and a program that was found on the PATH
        [program, *arguments], env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        words = " ".join(done.stderr.strip().splitlines()[-LAST_LINES:])
        raise BackupError(f"{tool} failed: {words}")
