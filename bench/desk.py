"""How long an editor waits: from an act at the desk to the new letter, on a full day of 60 stories.

    python bench/desk.py [--acts 60] [--stories 60]

One process serves the desk on loopback with SQLite. An act is a form of the page: it is posted, the page that it leads
to is loaded, and the letter in its frame. Wall time and CPU time of the server are told. At most LIMIT_MS at p95.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.web.desks import PATH, EditorsDesk
from tests.web.signed_in import SignedInUser

from digest.demo.sink import Sink
from digest.model.user import Role
from digest.storage.engine import Database
from digest.web.listen import Listener

LIMIT_MS = 400
DONE = (303, 200, 200)
"""What the form, the page and the letter answer with."""
SYLLABLES = ("bar", "den", "fol", "gim", "kor", "lun", "mev", "nat", "pol", "rud", "sev", "tin", "vask", "wen", "zil")


def word(dice: random.Random) -> str:
    """Return an invented word."""
    return "".join(dice.choice(SYLLABLES) for _ in range(3))


def text(dice: random.Random) -> tuple[str, str]:
    """Return a headline and a text of 12 sentences about one invented event, in words of its own."""
    own = [word(dice) for _ in range(14)]
    place, *rest = (each.title() for each in own[:3])
    lines = [f"The {own[3]} of {place} will {own[4]} its {own[5]}, {rest[0]} {rest[1]} said on Monday morning."]
    for at in range(11):
        one, two, three = own[3 + at % 11], own[3 + (at + 4) % 11], word(dice)
        lines.append(
            f"A {one} {two} near {word(dice).title()} {three} {dice.randint(2, 900)} {own[6]} and {word(dice)}."
        )
    paragraphs = [" ".join(lines[at : at + 3]) for at in range(0, len(lines), 3)]
    return f"{place} {own[3]} to {own[4]} {own[5]} after {own[6]} {own[7]}", "\n\n".join(paragraphs)


def acts(desk: EditorsDesk, number: int) -> dict[str, str]:
    """Return the form of an act on the edition as it is now: each kind in its turn."""
    items = desk.edition().items
    item = items[number % len(items)]
    forms = (
        {"act": "move", "story": item.story_id, "where": "first"},
        {"act": "retitle", "story": item.story_id, "headline": f"Another headline number {number}"},
        {"act": "drop", "story": items[-1].story_id},
        {"act": "note", "text": f"Greeting number {number}.", "author": "Ana"},
        {"act": "block", "story": item.story_id, "block": "line"},
        {"act": "subject", "text": f"Subject number {number}"},
        {"act": "undo", "of": desk.seen()},
    )
    form = forms[number % len(forms)]
    if form["act"] == "undo" and desk.stores.desk.acts(desk.row().id)[-1].act["act"] == "undo":
        form = forms[3]
    return form


def timed(desk: EditorsDesk, editor: SignedInUser, form: dict[str, str]) -> tuple[float, float]:
    """Do an act; return wall and CPU milliseconds until the page and the letter are there."""
    began, cpu = time.perf_counter(), time.process_time()
    answer = editor.post(PATH, {"seen": desk.seen(), **form})
    page = editor.get(answer.headers["Location"].partition("#")[0])
    frame = re.findall(r'src="([^"]+/letter[^"]*)"', page.text)
    if not frame:
        sys.exit(f"{form}: no letter on the page: {answer.status} {page.text[-3000:]}")
    letter = editor.get(frame[0].replace("&amp;", "&"))
    took = (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000
    if (answer.status, page.status, letter.status) != DONE:
        sys.exit(f"{form}: {answer.status}, {page.status}, {letter.status}: {answer.text[:300]}")
    return took


def measure(folder: Path, stories: int, number: int) -> tuple[list[tuple[float, float]], float]:
    """Return the times of ``number`` acts, and of the first one, with its page and letter, in milliseconds."""
    database = Database("sqlite:///digest.db", folder)
    database.require_schema()
    dice = random.Random(7)  # noqa: S311 - invented texts
    with Sink() as relay:
        desk = EditorsDesk(database, folder, relay)
        for each in range(stories):
            title, words = text(dice)
            desk.print_(title, words, source=1)
            if each % 3 == 0:
                desk.print_(f"{title}, again", words[:700], source=2)
        desk.compose()
        print(f"{len(desk.row().seen['stories'])} stories, {len(desk.edition().items)} of them in the letter")
        with Listener(desk.app(), "127.0.0.1", 0).in_background() as listener:
            editor = desk.sign_in(listener.url, Role.PUBLISHER)
            began = time.perf_counter()
            timed(desk, editor, {"act": "note", "text": "Good morning."})
            first = (time.perf_counter() - began) * 1000
            return [timed(desk, editor, acts(desk, n)) for n in range(number)], first


def main() -> int:
    """Measure, tell, and fail above the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--acts", type=int, default=60)
    parser.add_argument("--stories", type=int, default=60)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        times, first = measure(Path(folder), told.stories, told.acts)
    worst = {}
    for name, found in (("wall", [wall for wall, _ in times]), ("CPU", [cpu for _, cpu in times])):
        worst[name] = statistics.quantiles(found, n=20)[-1]
        print(f"{name}: median {statistics.median(found):.0f} ms, p95 {worst[name]:.0f} ms of {len(found)} acts")
    print(f"the first act and page of the process, templates read: {first:.0f} ms")
    return int(worst["wall"] > LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
