"""Setting an account up: a person names the server, and lets us in with a browser or with a token."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.form import host_of, server_address
from connectors.mastodon.standing import NEEDED
from connectors.mastodon.wire import Line, json_of, problem_of
from connectors.once.session import session
from responder.connector import Malformed, Unauthorised
from responder.setup import Guide, Keys

_APPS, _TOKEN = "/api/v1/apps", "/oauth/token"
_WAYS = {
    "browser": "you agree in your browser, logged in as the account that answers",
    "token": "you make an application in its preferences, under Development, and paste the access token",
}


def setup(guide: Guide, options: Mapping[str, Any]) -> Keys:
    """Ask for the server and for an access token to it; raises the errors of a connector."""
    server = _server(guide, options)
    if guide.choose(f"How shall {host_of(server)} let us in?", _WAYS) == "token":
        guide.say(f"The application needs these rights: {', '.join(NEEDED)}.")
        token = guide.ask_secret("The access token")
    else:
        token = _agreed(guide, server)
    return Keys(options={"server": server}, secrets={"access_token": token})


def _server(guide: Guide, options: Mapping[str, Any]) -> str:
    known = options.get("server")
    while True:
        told = guide.ask("The address of your server, like https://social.example", known)
        if found := server_address(told if "://" in told else f"https://{told}"):
            return found
        guide.say("That is no address of a server: it begins with https:// and has nothing after the name.")


def _agreed(guide: Guide, server: str) -> str:
    """Have a person agree in a browser, and return the access token that comes of it."""
    rights, back = list(NEEDED), guide.redirect_uri
    line = Line(server, None, session(logins=(_APPS, _TOKEN)))
    client = line.client

    def register(_: Any) -> None:
        client.client_id, client.client_secret = client.create_app(
            "complaint-responder",
            scopes=rights,
            redirect_uris=back,
            api_base_url=server,
            session=client.session,
            user_agent=client.user_agent,
        )

    _asked(line, server, register, "client_id")
    code = guide.consent(
        lambda state: str(
            client.auth_request_url(redirect_uris=back, scopes=rights, state=state, skip_server_info=True)
        )
    )
    here = server.startswith("http:")
    told = _asked(
        line,
        server,
        lambda _: client.log_in(code=code, redirect_uri=back, scopes=rights, allow_http=here),
        "access_token",
    )
    return str(told["access_token"])


def _asked(line: Line, server: str, ask: Callable[[Any], object], key: str) -> Mapping[str, Any]:
    """Return what the server says to a login, which must hold this key; raises what is wrong."""
    host = host_of(server)
    answer, failed = line.call(ask)
    if answer and answer.status in {400, 401, 403}:
        raise Unauthorised(f"{host} does not let us in ({answer.status}).")
    if problem := problem_of(host, answer, failed):
        raise problem
    told = json_of(answer)
    if not isinstance(told, dict) or not told.get(key):
        raise Malformed(f"{host} did not answer as a Mastodon server does.")
    if failed:
        raise Unauthorised(f"{host} does not give all the rights that were asked for.")
    return told
