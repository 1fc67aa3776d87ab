"""Setting an account up: a person makes an app password, and says whose it is."""

import re
from collections.abc import Mapping
from typing import Any

from connectors.bluesky.options import HANDLE, checked
from responder.setup import Guide, Keys

_HOME = "https://bsky.social"
#: Where anybody reads what those see who are not logged in.
_VIEW = "https://public.api.bsky.app"
_APP_PASSWORD = re.compile(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}")


def setup(guide: Guide, options: Mapping[str, Any]) -> Keys:
    """Ask for the handle, the server and an app password."""
    handle = _handle(guide, options)
    service = _service(guide, options)
    given = {"handle": handle} | ({"service": service} if service != _HOME else {})
    if service == _HOME and "public_view" not in options:
        given["public_view"] = _VIEW
    guide.say(
        "Make an app password for it: in Bluesky's settings, Privacy and security, App passwords. It needs"
        " no access to your direct messages. It can be taken back there at any time."
    )
    return Keys(options=given, secrets={"app_password": _password(guide)})


def _handle(guide: Guide, options: Mapping[str, Any]) -> str:
    while True:
        told = guide.ask("The account's handle, like acme.bsky.social", options.get("handle"))
        handle = told.removeprefix("@").lower()
        if HANDLE.fullmatch(handle):
            return handle
        guide.say("That is no handle: it has a dot in it, and no blank and no slash.")


def _service(guide: Guide, options: Mapping[str, Any]) -> str:
    while True:
        told = guide.ask("The server that keeps it", options.get("service", _HOME))
        try:
            return checked({"handle": "a.test", "service": told}).service
        except ValueError:
            guide.say(
                "That is no address of a server: it begins with https:// and has nothing after the name."
            )


def _password(guide: Guide) -> str:
    told = guide.ask_secret("The app password")
    if _APP_PASSWORD.fullmatch(told):
        return told
    guide.say(
        "An app password is four times four letters and digits, like abcd-efgh-2345-6789; the account's own"
        " password can do everything and does not belong here."
    )
    return guide.ask_secret("The app password, or the same again if your server makes others", told)
