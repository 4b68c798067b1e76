"""The pages for the questions in a letter.

A link in the letter shows the answer with a button; the button counts it.
"""

from __future__ import annotations

from http import HTTPStatus

from digest.errors import UnknownEdition
from digest.model.voice import POLL, YES
from digest.pipeline.readers.voice import Ballot, ballot, vote
from digest.pipeline.runtime import Runtime
from digest.render.letter import TEST_TOKEN
from digest.text.glyphs import shown
from digest.web.mailed import spoken
from digest.web.pages import Pages
from digest.web.visit import PageAnswer, Visit


class VoicePages:
    """Shows the answer that a link in a letter gives, and counts it."""

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._runtime = runtime
        self._pages = pages

    def show(self, visit: Visit) -> PageAnswer:
        """Show the answer that the reader's link gives, and a button that counts it.

        Opening the page counts nothing.
        """
        return self._answered(visit, counts=False)

    def act(self, visit: Visit) -> PageAnswer:
        """Count the answer, and say thanks."""
        return self._answered(visit, counts=True)

    def _answered(self, visit: Visit, *, counts: bool) -> PageAnswer:
        token, day, answer = (visit.places[name] for name in ("token", "date", "answer"))
        if token == TEST_TOKEN:
            return self._pages.show("voice_done.html", visit, done="test")
        try:
            found = ballot(self._runtime, token, day, answer)
        except UnknownEdition:
            return self._pages.trouble(visit, HTTPStatus.NOT_FOUND)
        if not found.is_open:
            return self._pages.show("voice_done.html", visit, status=HTTPStatus.GONE, done="over")
        visit = spoken(self._pages, visit, found.language)
        if not counts:
            return self._pages.show(
                "voice.html", visit, question=self._question(visit, found), answer=self._answer(visit, found)
            )
        done = "counted" if vote(self._runtime, found) else "again"
        return self._pages.show("voice_done.html", visit, done=done)

    def _question(self, visit: Visit, found: Ballot) -> str:
        if found.question == POLL:
            return shown(found.voice.question)
        return self._pages.words(visit)("voice_useful")

    def _answer(self, visit: Visit, found: Ballot) -> str:
        if found.question == POLL:
            return shown(found.voice.answers[int(found.answer) - 1])
        return self._pages.words(visit)("voice_yes" if found.answer == YES else "voice_no")
