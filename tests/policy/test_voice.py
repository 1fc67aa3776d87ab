"""The company's voice: what could not stand in a reply is refused when it is set."""

import re

import pytest

from responder.policy.wording import Voice


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"signature": "x" * 21}, "signature"),
        ({"signature": "^{name}"}, "braces"),
        ({"contact": "by\nmail"}, "one line"),
        ({"contact": "x" * 61}, "contact"),
        ({"update_within": 0}, "update_within is 0"),
        ({"update_within": 169}, "1 to 168 hours"),
        ({"register": "chummy"}, "register is 'chummy'; it must be formal, informal or mirror"),
    ],
)
def test_a_voice_that_could_not_stand_in_a_reply_is_refused(bad: dict[str, str | int], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        Voice(company="Acme", **bad)  # type: ignore[arg-type]
