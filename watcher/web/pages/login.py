"""Logging in and out."""

from math import ceil

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from watcher.web.desk import Desk, Form
from watcher.web.guard import Guard


class Login:
    """The page that asks for the password."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def show(self, desk: Desk, request: Request) -> Response:
        """Ask for the password."""
        return self._form(desk, request, request.query_params.get("next", "/"))

    def enter(self, desk: Desk, request: Request, form: Form) -> Response:
        """Let in who knows it, under a new name; all others may try again, but not often."""
        now = desk.given.clock.now()
        address = request.client.host if request.client else "local"
        back = form.get("next", "/")
        if wait := desk.doorkeeper.must_wait(address, now):
            answer = self._form(desk, request, back, "Too many tries. Wait a few minutes.", 429)
            answer.headers["retry-after"] = str(ceil(wait.total_seconds()))
            return answer
        if not desk.doorkeeper.knows(form.get("password", ""), address, now):
            return self._form(desk, request, back, "That is not the password.", 403)
        answer = RedirectResponse(_local(back), 303)
        self._guard.set_cookie(answer, desk.visitors.log_in(now))
        return answer

    def leave(self, desk: Desk, request: Request, form: Form) -> Response:
        """End the login."""
        desk.visitors.log_out(request.state.visitor)
        return RedirectResponse("/login", 303)

    def _form(
        self, desk: Desk, request: Request, back: str, wrong: str = "", status: int = 200
    ) -> Response:
        return desk.page(request, "login", status=status, next=_local(back), wrong=wrong)


def _local(path: str) -> str:
    """Give a path of ours; whatever might lead elsewhere is the first page."""
    good = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if good else "/"
