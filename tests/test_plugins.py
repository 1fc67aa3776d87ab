"""Connectors from elsewhere: found by their entry point, used by the contract, refused with a clear word."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from responder import plugins
from responder.plugins import PluginError
from responder.settings.secret import SecretError, Secrets
from tests.connectors.stage import Safe

#: A connector as somebody else would write it, in a package of their own.
BOARD = '''
"""A message board in memory."""

from datetime import UTC, datetime

from responder.connector import Answerable, Eligibility, Limits, Look, Page, Refused, Sight
from responder.model.delivery import Receipt, Shown
from responder.model.mention import Author, Mention


class Board:
    network = "board"
    limits = Limits(length=100)

    def __init__(self, account, options, secret):
        if set(options) != {"topic"}:
            raise ValueError("topic: is missing; it is the name of a topic")
        self.account, self.topic, self.token, self.replies = account, options["topic"], secret("token"), {}

    def poll(self, cursor):
        if cursor:
            return Page(mentions=(), cursor=cursor)
        post = Mention(
            account=self.account, external_id="1", thread="1", author=Author(id="7", handle="ana"),
            text=f"{self.topic} is late", created_at=datetime(2026, 3, 2, tzinfo=UTC),
        )
        return Page(mentions=(post,), cursor="end")

    def eligibility(self, mention):
        return Eligibility(answerable=Answerable.API)

    def look(self, mention):
        return Look(sight=Sight.ANSWERED if mention.external_id in self.replies else Sight.PRESENT)

    def send(self, message, to):
        if self.limits.count(message.text) > self.limits.length:
            raise Refused
        self.replies[to.external_id] = message.text
        return Receipt(remote_id="r1", url="")

    def find_sent(self, message, to):
        return (Receipt(remote_id="r1", url=""),) if to.external_id in self.replies else ()

    def shown(self, receipt, to):
        return Shown(text=self.replies.get(to.external_id))
'''

#: What a user's run does with it: build, hear, answer, look, hear nothing new.
ROUND_TRIP = """
import json
import sys
from datetime import UTC, datetime

from responder import plugins
from responder.model.draft import Message
from responder.model.mention import Audience

connector = plugins.build("board", "shop", {"topic": "Bread"}, lambda name: f"canary-{name}")
page = connector.poll(None)
(mention,) = page.mentions
planned = datetime(2026, 3, 2, tzinfo=UTC)
message = Message(text="We are sorry.", audience=Audience.PUBLIC, language="en", key="k", planned_at=planned)
print(json.dumps({
    "names": plugins.names(),
    "text": mention.text,
    "before": connector.look(mention).sight,
    "sent": connector.send(message, mention).remote_id,
    "after": connector.look(mention).sight,
    "found": connector.find_sent(message, mention)[0].remote_id,
    "then": len(connector.poll(page.cursor).mentions),
}))
"""


def install(folder: Path, entry: str = "board = acme_board:Board", code: str = BOARD) -> Path:
    """Lay a distribution out in `folder` as an installer would; return the folder."""
    (folder / "acme_board.py").write_text(textwrap.dedent(code), encoding="utf-8")
    about = folder / "acme_board-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: acme-board\nVersion: 1.2\n", encoding="utf-8"
    )
    (about / "entry_points.txt").write_text(f"[{plugins.GROUP}]\n{entry}\n", encoding="utf-8")
    return folder


@pytest.fixture
def installed(tmp_path: Path) -> Any:
    """Install a connector for this process; afterwards it is gone again."""
    folders: list[str] = []

    def add(entry: str = "board = acme_board:Board", code: str = BOARD) -> None:
        folders.append(str(install(tmp_path, entry, code)))
        sys.path.insert(0, folders[-1])

    yield add
    for folder in folders:
        sys.path.remove(folder)
    sys.modules.pop("acme_board", None)


def refused(kind: str = "board", options: dict[str, Any] | None = None) -> PluginError:
    """Return the error that building raises; the secrets it may ask for are canaries."""
    with pytest.raises(PluginError) as caught:
        plugins.build(kind, "shop", options or {}, Safe(token="canary-token"))
    return caught.value


Add = Callable[..., None]


def test_a_connector_in_a_folder_of_its_own_works_without_touching_this_one(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(install(tmp_path))!r})\n{ROUND_TRIP}"],
        capture_output=True,
        text=True,
        check=True,
    )
    did = json.loads(run.stdout)
    assert {"board", "replay"} <= set(did.pop("names"))
    assert did == {
        "text": "Bread is late",
        "before": "present",
        "sent": "r1",
        "after": "answered",
        "found": "r1",
        "then": 0,
    }


def test_ours_are_there() -> None:
    assert "replay" in plugins.names()
    assert plugins.build("replay", "shop", {"file": "feed.csv"}, Safe()).network == "replay"


def test_an_unknown_kind_names_the_known_ones_and_the_nearest() -> None:
    error = refused("repaly")
    assert str(error).startswith("There is no connector 'repaly'. Did you mean replay? Installed are: ")
    assert error.key == "connector"
    assert "Did you mean" not in str(refused("zzz"))
    assert "\x1b" not in str(refused("\x1b[2J"))


def test_options_it_refuses_are_told_in_its_own_words(installed: Add) -> None:
    installed()
    error = refused()
    assert str(error) == (
        "The connector board of acme-board 1.2 does not take the options of account shop:\n"
        "topic: is missing; it is the name of a topic\n"
        "Correct them in its [accounts.options]."
    )
    assert (error.key, error.says) == ("options", "topic: is missing; it is the name of a topic")


def test_a_connector_that_cannot_be_imported_says_which_and_why(installed: Add) -> None:
    installed(code="import a_module_nobody_has")
    assert str(refused()) == (
        "The connector board of acme-board 1.2 cannot be imported from acme_board:Board: "
        "ModuleNotFoundError: No module named 'a_module_nobody_has'. "
        "Install what it needs, or another version of it."
    )


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "1 / 0", "def broken(:", ""])
def test_whatever_goes_wrong_in_an_import_is_told(installed: Add, code: str) -> None:
    installed(code=code)
    assert "acme-board 1.2 cannot be imported from acme_board:Board" in str(refused())


def test_an_entry_point_without_a_class_says_what_to_name(installed: Add) -> None:
    installed(entry="board = acme_board")
    assert "names acme_board, which is no class. It must name one, like acme.connector:Acme" in str(refused())


def test_a_connector_that_breaks_keeps_its_message(installed: Add) -> None:
    installed(code="def Board(account, options, secret):\n    raise RuntimeError('no such board')")
    assert str(refused()) == (
        "The connector board of acme-board 1.2 broke when it was built for account shop: RuntimeError: "
        "no such board. It is at fault: tell those who made it, or use another version."
    )


@pytest.mark.parametrize("raised", ["ValueError", "RuntimeError"])
def test_a_secret_it_was_given_stands_in_no_message(installed: Add, raised: str) -> None:
    installed(
        code=f"def Board(account, options, secret):\n    raise {raised}(f'bad token {{secret(\"token\")}}')"
    )
    error = refused()
    assert "bad token ***" in str(error)
    assert "canary-token" not in str(error) + error.says
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_a_missing_secret_is_told_by_those_who_keep_them(installed: Add) -> None:
    installed()
    with pytest.raises(SecretError, match="is missing"):
        plugins.build("board", "shop", {"topic": "Bread"}, Secrets().of("shop"))


def test_a_connector_that_lacks_a_part_of_the_contract_is_refused(installed: Add) -> None:
    installed(code="class Board:\n    network = ''\n    poll = 5\n    def __init__(self, *given): ...")
    assert str(refused()) == (
        "The connector board of acme-board 1.2 lacks poll(), eligibility(), look(), send(), find_sent(), "
        "shown(), network (a word), limits (a Limits) of the contract in responder/connector.py. "
        "Install a version of it made for this version of responder."
    )


def test_a_kind_that_two_distributions_offer_is_nobodys(installed: Add) -> None:
    installed(entry="replay = acme_board:Board")
    error = refused("replay")
    assert str(error).startswith("The connector replay is offered by acme-board 1.2 and complaint-responder ")
    assert str(error).endswith("Uninstall all but one of them.")


def test_what_costs_money_is_known_without_building_it(installed: Add) -> None:
    installed(code=BOARD + "\n    def spent(self):\n        return ()\n")
    assert plugins.costs("board")
    assert not plugins.costs("replay")
    assert not plugins.costs("nobody")
