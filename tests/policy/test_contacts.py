"""Contact points that are not ours and data that is not public are found however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responder.model.mention import Audience
from responder.model.triage import Level
from responder.policy.detectors import Context
from tests.policy.books import found

OURS = ("acme.example", "care@acme.example", "+44 20 7946 0123", "@acme", "Studio 5400")


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("See https://acme.example.test/help", "https://acme.example.test/help"),
        ("See https://acme.example@evil/now", "https://acme.example@evil/now"),
        ("See https://evil.test\\@acme.example", "https://evil.test\\@acme.example"),
        ("See acmе.example now", "acmе.example"),  # a Cyrillic letter in our name
        ("See evil\u200b.test/acme.example", "evil\u200b.test/acme.example"),
        ("Mail care@acme.example.test.", "care@acme.example.test"),
        ("Call 020-7946-0999!", "020-7946-0999"),
        ("Ask @acme_help.", "@acme_help"),
        ("Ask @acme@social.test", "@acme@social.test"),
        ("Ask u/acme_official", "u/acme_official"),
        ("Start tg://resolve?domain=acme", "tg://resolve?domain=acme"),
        ("Tap sms:acme", "sms:acme"),
    ],
)
def test_a_contact_point_that_is_not_ours_blocks_with_its_exact_words(text: str, quote: str) -> None:
    finding = found(text, Context(allowed=OURS, handle="sam"))["safe-official-channel"]
    assert finding.level is Level.BLOCK
    assert finding.quote == quote


@pytest.mark.parametrize(
    "text",
    [
        "See https://www.acme.example/help?id=a#top and help.acme.example.",
        "Mail CARE@acme.example, or call +44 20 7946 0123 or +442079460123.",
        "Hi @Sam, @ACME is us, and so is Studio 5400.",
        "i.e. by 5.30 pm, or 9.00-17.00, on 21.11.2026.",
    ],
)
def test_our_own_contact_points_and_the_customers_handle_pass(text: str) -> None:
    rules = found(text, Context(allowed=OURS, handle="Sam"))
    assert "safe-official-channel" not in rules
    assert "no-customer-data-disclosure" not in rules


@pytest.mark.parametrize(
    ("text", "said", "quote"),
    [
        ("It's order 55301.", "Order 5530?", "55301"),
        ("It's 5530-127.", "", "5530-127"),
        ("Card ending 8820.", "My card!", "8820"),
        ("Booking QX7L2M is fine.", "My booking?", "QX7L2M"),
        ("I wrote to kim@mail.test.", "Nobody wrote to me.", "kim@mail.test"),
        ("Hi @sam_11, 5530127 is with me.", "Hi!", "5530127"),
        ("By 21/11/2026 5530127 is there.", "Hi!", "5530127"),
        ("It's &#53;&#53;&#51;&#48;&#49;.", "", "&#53;&#53;&#51;&#48;&#49;"),
    ],
)
def test_what_the_customer_did_not_say_in_public_blocks_in_public_and_warns_in_private(
    text: str, said: str, quote: str
) -> None:
    finding = found(text, Context(mention_text=said))["no-customer-data-disclosure"]
    assert finding.level is Level.BLOCK
    assert finding.quote == quote
    private = found(text, Context(mention_text=said, audience=Audience.PRIVATE, allowed=("mail.test",)))
    assert private["no-customer-data-disclosure"].level in {Level.WARN, Level.BLOCK}


@given(st.from_regex(r"[0-9]{4,12}|[A-Z]{3}[0-9]{4}", fullmatch=True))
def test_a_number_the_customer_gave_may_be_said_and_any_other_may_not(number: str) -> None:
    rule = "no-customer-data-disclosure"
    assert rule not in found(f"I have {number} here.", Context(mention_text=f"Where is {number}?!"))
    assert rule in found(f"I have {number} here.", Context(mention_text="Where is my parcel?!"))
