"""Who we are, what is said of us, and how a person sets us up."""

import base64
import json

import pytest

from connectors.bluesky import Bluesky
from connectors.bluesky.setup import setup
from responder.connector import Introduces, Unauthorised
from responder.setup import Declined
from tests.connectors.bluesky.stage import BlueskyStage, asked
from tests.connectors.guided import Guided
from tests.connectors.stage import ACCOUNT, Safe
from tests.standins.bluesky.imitation import Imitation

PASSWORD = "abcd-efgh-2345-6789"


def test_who_we_are_is_told_without_writing(stage: BlueskyStage) -> None:
    connector = stage.connector(public_view="https://public.api.bsky.app")
    assert isinstance(connector, Introduces)
    standing = connector.whoami()
    assert standing.handle == stage.brand.handle
    assert "post replies" in standing.may
    assert (standing.lacks, standing.notes) == ((), ())
    assert asked(stage) == ["createSession", "getSession", "getProfile"]


def test_a_new_handle_is_told(imitation: Imitation, stage: BlueskyStage) -> None:
    connector = stage.connector()
    connector.whoami()
    imitation.state.accounts[stage.brand.did].handle = "acme.example"
    standing = connector.whoami()
    assert standing.handle == "acme.example"
    assert standing.notes[0] == "The account is called @acme.example now: put that into its option `handle`."


def test_whether_customers_can_write_us_is_held_against_what_replies_say(
    imitation: Imitation, stage: BlueskyStage
) -> None:
    account = imitation.state.accounts[stage.brand.did]
    inviting = stage.connector(messages=True)
    assert [one.partition(",")[0] for one in inviting.whoami().lacks] == ["private messages from everybody"]
    account.chat = "all"
    assert inviting.whoami().lacks == ()
    assert any("messages = true" in one for one in stage.connector().whoami().notes)


def test_an_account_that_the_network_hides_is_told(imitation: Imitation, stage: BlueskyStage) -> None:
    imitation.state.accounts[stage.brand.did].labels.append("!hide")
    assert "hides it (!hide)" in stage.connector().whoami().lacks[0]


@pytest.mark.parametrize(("scope", "lacks"), [("com.atproto.access", 1), ("com.atproto.appPass", 0)])
def test_the_account_s_own_password_is_not_what_we_want(
    imitation: Imitation, stage: BlueskyStage, scope: str, lacks: int
) -> None:
    connector = stage.connector()
    connector.poll(None)
    session = json.loads(stage.safe.secrets["session"])
    body = base64.urlsafe_b64encode(json.dumps({"scope": scope}).encode()).decode().rstrip("=")
    imitation.methods.tokens[f"e30.{body}.c2ln"] = (stage.brand.did, True)
    stage.safe.secrets["session"] = json.dumps(session | {"access": f"e30.{body}.c2ln"})
    assert len(stage.connector().whoami().lacks) == lacks


# --- setting up


def test_an_account_on_bluesky_needs_a_handle_and_an_app_password() -> None:
    guide = Guided(["@Acme.example", "", PASSWORD])
    keys = setup(guide, {})
    assert keys.options == {"handle": "acme.example", "public_view": "https://public.api.bsky.app"}
    assert keys.secrets == {"app_password": PASSWORD}
    assert guide.hidden == ["The app password"]
    assert any("App passwords" in one for one in guide.told)


def test_what_was_set_up_works(imitation: Imitation, stage: BlueskyStage) -> None:
    imitation.state.accounts[stage.brand.did].password = PASSWORD
    keys = setup(Guided([stage.brand.handle, stage.proxy.url, PASSWORD]), {})
    assert Bluesky(ACCOUNT, keys.options, Safe(**keys.secrets)).whoami().handle == stage.brand.handle


def test_what_is_known_is_offered() -> None:
    options = {"handle": "acme.example", "service": "https://pds.acme.example", "public_view": ""}
    keys = setup(Guided(["", "", PASSWORD]), options)
    assert keys.options == {"handle": "acme.example", "service": "https://pds.acme.example"}


def test_what_is_no_handle_or_server_is_asked_for_again() -> None:
    guide = Guided(
        ["acme", "me@acme.example", "acme.example", "pds.acme.example", "https://pds.acme.example", PASSWORD]
    )
    assert setup(guide, {}).options == {"handle": "acme.example", "service": "https://pds.acme.example"}
    assert len([one for one in guide.told if one.startswith("That is no")]) == 3


def test_a_password_that_looks_like_another_is_asked_about_once() -> None:
    guide = Guided(["acme.example", "", "correct horse", PASSWORD])
    assert setup(guide, {}).secrets == {"app_password": PASSWORD}
    assert any("does not belong here" in one for one in guide.told)
    assert setup(Guided(["acme.example", "", "of another form", ""]), {}).secrets == {
        "app_password": "of another form"
    }


def test_who_goes_away_has_set_up_nothing() -> None:
    with pytest.raises(Declined):
        setup(Guided(["acme.example"]), {})


def test_keys_that_do_not_work_are_told_when_they_are_tried(stage: BlueskyStage) -> None:
    keys = setup(Guided([stage.brand.handle, stage.proxy.url, PASSWORD]), {})
    with pytest.raises(Unauthorised):
        Bluesky(ACCOUNT, keys.options, Safe(**keys.secrets)).whoami()
