"""No secret stands in any line of the log, whoever wrote it, in whatever form."""

import io
import json
import logging
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from responder.logs import set_up_logs
from responder.settings.secret import Secrets

SECRETS = st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=30).filter(
    lambda secret: len(set(secret)) > 3 and secret not in "timestamp level warning error exception"
)
FORMS = st.sampled_from(["logfmt", "json"])


class Leaky:
    """A library's object that shows what it holds."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return f"Leaky({self.secret!r})"


def logged(secret: str, form: str) -> str:
    """Return what is logged when everybody leaks."""
    stream = io.StringIO()
    set_up_logs(stream, form=form, known=lambda: [secret])  # type: ignore[arg-type]  # one of two
    ours, theirs = structlog.stdlib.get_logger("responder.daemon"), logging.getLogger("elsewhere")
    ours.info("ring.failed", problem=f"refused: {secret}.", header=["a", secret], more={"a": {"b": secret}})
    ours.warning(f"it is {secret}", leaky=Leaky(secret))
    theirs.warning("token=%s and %r", secret, secret)
    theirs.error("it broke: %s", Leaky(secret))
    try:
        int(f"{secret}x")
    except ValueError:
        ours.exception("ring.broke")
        theirs.exception("it broke")
    return stream.getvalue()


@given(SECRETS, FORMS)
def test_no_secret_is_logged(secret: str, form: str) -> None:
    said = logged(secret, form)
    assert "***" in said
    assert secret not in said
    assert json.dumps(secret)[1:-1] not in said
    assert repr(secret)[1:-1] not in said


@pytest.mark.parametrize("form", ["logfmt", "json"])
def test_what_stands_under_the_name_of_a_secret_is_not_logged(form: str) -> None:
    stream = io.StringIO()
    set_up_logs(stream, form=form)  # type: ignore[arg-type]  # one of two
    told = {"token": "canary", "deep": {"api_key": "canary", "of": [{"password": "canary"}]}}
    structlog.stdlib.get_logger("responder.daemon").info("x.asked", **told)
    logging.getLogger("elsewhere").warning("Authorization: Bearer canary of postgresql://sam:canary@db/x")
    assert "canary" not in stream.getvalue()
    assert "postgresql://sam:***@db/x" in stream.getvalue()


def test_a_line_of_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    set_up_logs(stream, form="json")
    structlog.stdlib.get_logger("responder.daemon").info("mention.heard", n=3, says="a b\nc")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["level"], line["n"], line["says"]) == ("mention.heard", "info", 3, "a b\nc")


def test_what_was_handed_out_is_known(tmp_path: Path) -> None:
    (tmp_path / "shop_token").write_text("from a file\n")
    (tmp_path / "shop_token").chmod(0o600)
    tmp_path.chmod(0o700)
    secrets = Secrets(tmp_path, {"RESPONDER_SECRET_OTHER": "from the environment"})
    assert set(secrets.known()) == {"from the environment"}
    account = secrets.of("shop")
    old = account("token")
    assert account.renew("token", old, lambda _: "the next one") == "the next one"
    assert set(secrets.known()) >= {"from a file", "the next one", "from the environment"}
