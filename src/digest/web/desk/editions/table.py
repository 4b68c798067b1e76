"""Every route of the desk's pages of editions, with its required role."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from digest.model.user import Role
from digest.pipeline.runtime import Runtime
from digest.render.environment import fill, page_environment
from digest.web.desk.editions.orders import EditionOrders
from digest.web.desk.editions.pages import EditionPages
from digest.web.desk.pages import DeskPages
from digest.web.desk.route import DeskPage, DeskRoute, DeskVisit
from digest.web.visit import PageAnswer, kept

EDITION = "/editions/{name}/{date}"
A_YEAR = timedelta(days=365)


def edition_routes(runtime: Runtime) -> tuple[DeskRoute, ...]:
    """Return the routes of the desk's pages of editions. Raises TemplateError when a template cannot be read."""
    desk = DeskPages(runtime.settings)
    pages = EditionPages(runtime, desk)
    orders = EditionOrders(pages)

    def back(visit: DeskVisit) -> PageAnswer:
        """Redirect a GET of a form's URL to the page with the form."""
        places = visit.visit.places
        where = desk.link(f"/editions/{places['name']}/{places['date']}")
        return PageAnswer(body=b"", status=HTTPStatus.SEE_OTHER, headers=(("Location", where),))

    def order(name: str, act: DeskPage, role: Role = Role.PUBLISHER, *, recent: bool = False) -> DeskRoute:
        return DeskRoute(path=f"{EDITION}/{name}", show=back, act=act, what=name, change=role, recent=recent)

    return (
        DeskRoute(path="/", show=pages.list),
        DeskRoute(path=EDITION, show=pages.show, act=pages.act, what="edit"),
        DeskRoute(path=f"{EDITION}/story/{{story}}", show=pages.story, act=pages.act, what="edit"),
        DeskRoute(path=f"{EDITION}/letter", show=pages.letter),
        DeskRoute(path=f"{EDITION}/version", show=pages.version),
        order("approve", orders.approve, recent=True),
        order("hold", orders.hold),
        order("skip", orders.skip),
        order("pause", orders.pause),
        order("resume", orders.resume),
        order("refreeze", orders.refreeze, recent=True),
        order("preview-correction", orders.preview_correction),
        order("correct", orders.correct),
        order("withdraw", orders.withdraw),
        order("tip", orders.settle_tip, Role.EDITOR),
        order("compose", orders.compose, Role.EDITOR),
        order("test", orders.test, Role.EDITOR),
        order("add", orders.add, Role.EDITOR),
        *_assets(),
    )


def _assets() -> tuple[DeskRoute, ...]:
    door = page_environment()
    files = {
        "/edition.css": ("text/css; charset=utf-8", fill(door, "web/desk/edition.css")),
        "/unsaved.js": ("text/javascript; charset=utf-8", fill(door, "web/desk/unsaved.js")),
        "/edition.js": ("text/javascript; charset=utf-8", fill(door, "web/desk/edition.js")),
    }

    def asset(kind: str, text: str) -> DeskPage:
        answer = PageAnswer(body=text.encode(), kind=kind)
        return lambda visit: kept(visit.visit, answer, A_YEAR)

    return tuple(DeskRoute(path=path, show=asset(kind, text)) for path, (kind, text) in files.items())
