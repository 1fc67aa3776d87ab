"""Who is told, and by which server: what could not work, or would show a password, does not load."""

from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from responder.model.recipient import Alerts, Way
from responder.settings import SettingsError, load

SERVER = '[mail]\nhost = "smtp.example"\nsender = "responder@acme.example"\n'


def read(folder: Path, text: str) -> object:
    file = folder / "responder.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, {})


def test_what_a_recipient_leaves_open_is_the_companys(tmp_path: Path) -> None:
    company = '[company]\ntimezone = "Europe/Ljubljana"\nlanguage = "sl"\n[digest]\nat = "08:15"\n'
    more = '[[recipients]]\nname = "ana"\nmail = "a@acme.example"\n[[recipients]]\nname = "bo"\nchat = true\n'
    own = 'timezone = "Asia/Tokyo"\nlanguage = "en"\ndigest = "none"\nalerts = "urgent"\n'
    file = tmp_path / "responder.toml"
    file.write_text(company + SERVER + more + own, encoding="utf-8")
    ana, bo = load(file, {}).told
    assert (ana.zone, ana.language, ana.digest) == (ZoneInfo("Europe/Ljubljana"), "sl", time(8, 15))
    assert (ana.ways, bo.ways) == ((Way.MAIL,), (Way.CHAT,))
    assert (bo.zone, bo.language, bo.digest, bo.alerts) == (ZoneInfo("Asia/Tokyo"), "en", None, Alerts.URGENT)
    assert bo.secret == "bo_chat"


@pytest.mark.parametrize("port", [(587, "starttls"), (465, "tls"), (25, "none")])
def test_the_usual_port_is_meant_where_none_is_named(tmp_path: Path, port: tuple[int, str]) -> None:
    file = tmp_path / "responder.toml"
    file.write_text(f'{SERVER}security = "{port[1]}"\n', encoding="utf-8")
    assert load(file, {}).mail.at == port[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[recipients]]\nname = "ana"\nmail = "a@acme.example"\n', "no mail server is set"),
        (f'{SERVER}[[recipients]]\nname = "ana"\n', "nothing reaches them"),
        (f'{SERVER}[[recipients]]\nname = "ana"\nchat = true\nlanguage = "it"\n', "there are no letters in"),
        ('[mail]\nhost = "smtp.example"\n', "sender is missing"),
        (f'{SERVER}security = "none"\nuser = "desk"\n', "would show the password"),
        (
            f'{SERVER}[[recipients]]\nname = "ana"\nmail = "a@b.example\\r\\nBcc: e"\n',
            "mail address",
        ),
        (f'{SERVER}[[recipients]]\nname = "ana"\nmail = "Ana <a@b.example>"\n', "mail address"),
        (f'{SERVER}[[recipients]]\nname = "ana"\nmail = "a@b.example, c@d.example"\n', "mail address"),
        (
            f'{SERVER}[[recipients]]\nname = "ana"\nchat = true\ndigest = "7"\n',
            "is not a time of day",
        ),
        (f'{SERVER}[[recipients]]\nname = "Ana"\nchat = true\n', "small letters"),
        ('[mail]\nhost = "smtp.example; rm"\nsender = "a@b.example"\n', "is not the name of a mail server"),
        ('[mail]\nhost = "smtp..example"\nsender = "a@b.example"\n', "is not the name of a mail server"),
        (f'[mail]\nhost = "{"a" * 64}.it"\nsender = "a@b.example"\n', "is not the name of a mail server"),
        (f"{SERVER}port = 65536\n", "port is at most 65535"),
    ],
)
def test_what_could_not_work_does_not_load(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    assert says in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_a_password_may_go_unencrypted_to_this_machine_itself(tmp_path: Path, host: str) -> None:
    server = f'[mail]\nhost = "{host}"\nsender = "a@b.example"\nsecurity = "none"\nuser = "desk"\n'
    assert read(tmp_path, server)
