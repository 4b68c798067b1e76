"""The examples of docs/howto/api.md, run as they are by a shell and curl against a served newsroom."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.web.api_client import PATH, make_token
from tests.web.conftest import Serve
from tests.web.desks import EditorsDesk

from digest.demo.sink import Sink
from digest.model.edition import EditionState
from digest.model.ids import SourceId
from digest.model.source import Source

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "howto" / "api.md"
pytestmark = [
    pytest.mark.skipif(not PAGE.exists(), reason="the pages are in the checkout"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]


def test_each_example_of_the_page_runs_one_after_the_other(
    desk: EditorsDesk, serve: Serve, relay: Sink, tmp_path: Path
) -> None:
    paper = Source(id=SourceId(0), url="https://paper.example/feed", name="Paper", publisher="Paper")
    desk.stores.sources.add(paper)
    url, token = serve(desk.app()), make_token(desk.runtime)
    given = {"API": url + PATH, "TOKEN": token, "DAY": "2026-11-23", "PATH": os.environ["PATH"], "no_proxy": "*"}
    examples = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(examples) > 10
    for example in examples:
        done = subprocess.run(  # noqa: S603 - our own examples
            ["bash", "-euo", "pipefail", "-c", example],  # noqa: S607 - bash of this machine
            env=given,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{example}\n{done.stdout}\n{done.stderr}"
    assert desk.row().state is EditionState.SENDING
    assert [to for letter in relay.letters for to in letter.recipients] == ["editor@example.com"]
    assert desk.stores.readers.find("ben@example.com") is None
