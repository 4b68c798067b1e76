"""What other sites put into their pages: a sign-up by their script (JSON), and the latest letter as a piece of HTML."""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus

from digest.errors import BadAddress, NoEditionChosen, StaleForm, TooManyAsks
from digest.pipeline.editions.published import as_read, latest_issues
from digest.pipeline.readers.registration import consent_words, form_stamp
from digest.pipeline.runtime import Runtime
from digest.render.links import archive_link, site_base
from digest.text.origins import page_to_return_to
from digest.web.front import PROBLEMS, TRAP, offered_editions, retry_seconds, take
from digest.web.pages import Headers, Pages
from digest.web.visit import PageAnswer, Visit, kept

JSON = "application/json; charset=utf-8"
FRAGMENT_KEPT = timedelta(minutes=5)
MOST_HEADLINES = 10


class EmbedPages:
    """Answers requests of scripts and servers of the publisher's other sites."""

    def __init__(self, runtime: Runtime, pages: Pages) -> None:
        self._runtime = runtime
        self._pages = pages

    def show(self, visit: Visit) -> PageAnswer:
        """Return as JSON what another site's sign-up form needs: stamp, hidden field, editions, and consent text."""
        settings = self._runtime.settings
        about = {
            "stamp": form_stamp(self._runtime),
            "trap": TRAP,
            "language": visit.language,
            "consent": consent_words(settings, visit.language),
            "privacy": f"{site_base(settings.site)}/privacy",
            "editions": [
                {"name": one.name, "title": one.title, "comes": one.comes, "language": one.language}
                for one in offered_editions(settings, self._pages.words(visit))
            ],
        }
        return _json(about)

    def act(self, visit: Visit) -> PageAnswer:
        """Take a sign-up that another site's form sent. The answer (JSON) is the same for every address."""
        words = self._pages.words(visit)
        try:
            take(self._runtime, visit)
        except TooManyAsks as error:
            headers = (("Retry-After", retry_seconds(error)),)
            wait = {"status": "too_many", "message": words("too_many_text")}
            return _json(wait, HTTPStatus.TOO_MANY_REQUESTS, headers)
        except (BadAddress, NoEditionChosen, StaleForm) as error:
            problem = PROBLEMS[type(error)]
            wrong = {"status": problem, "message": words(problem), "stamp": form_stamp(self._runtime)}
            return _json(wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
        back = page_to_return_to(visit.told("return"), self._runtime.settings.embed.origins)
        asked = {"status": "asked", "title": words("asked_title"), "message": words("asked_text")}
        return _json(asked | ({"return": back} if back else {}))

    def fragment(self, visit: Visit) -> PageAnswer:
        """Return the headlines of an edition's newest letter as HTML with full URLs, to be put into another page."""
        issues = latest_issues(self._runtime, 1, visit.places["name"])
        if not issues:
            return self._pages.trouble(visit, HTTPStatus.NOT_FOUND)
        letter = as_read(self._runtime, issues[0])
        link = archive_link(self._runtime.settings.site, issues[0].edition.key)
        stories = (*letter.leads, *letter.updates, *letter.top)[:MOST_HEADLINES]
        html = self._pages.fill(
            "fragment.html", visit, letter=letter, link=link, stories=stories, key=issues[0].edition.key
        )
        return kept(visit, PageAnswer(body=html.encode()), FRAGMENT_KEPT)


def _json(value: object, status: HTTPStatus = HTTPStatus.OK, headers: Headers = ()) -> PageAnswer:
    return PageAnswer(body=json.dumps(value, ensure_ascii=False).encode(), status=status, kind=JSON, headers=headers)
