"""Replies and sentences that others wrote for measuring: the good pass, the bad are caught."""

import pytest

from responder.model.draft import Origin
from responder.model.mention import Audience
from responder.model.triage import Level
from responder.policy.closing import names
from responder.policy.detectors import Context
from responder.policy.rules import check
from tests.bench.policy import KINDS, SHARED, TOLD, foreign
from tests.policy.books import LANGUAGES, every_rule

pytestmark = pytest.mark.skipif(
    not (SHARED / "policy").is_dir(), reason="the replies for measuring are not beside this checkout"
)


def test_every_model_reply_passes_without_a_block_or_a_warning() -> None:
    import yaml

    for reply in yaml.safe_load((SHARED / "policy" / "golden.yaml").read_text(encoding="utf-8")):
        audience = Audience(reply["scope"])
        playbook = "private_message" if audience is Audience.PRIVATE else reply["kind"]
        findings = check(reply["text"], Context(audience=audience, playbook=playbook), every_rule())
        assert [one for one in findings if one.level is not Level.NOTE] == [], reply["text"]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bad_are_caught_by_the_rule_that_was_meant_and_the_good_left_alone(language: str) -> None:
    caught: list[bool] = []
    touched: list[bool] = []
    for rule, sides in foreign()[language].items():
        for side, texts in sides.items():
            for text in texts:
                context = Context(
                    origin=Origin.PERSON,
                    language=language,
                    playbook=KINDS.get(rule, ""),
                    mention_text=TOLD if rule == "no-reask-known-info" else "",
                )
                heard = rule in names(check(text, context, every_rule(language)))
                (caught if side == "bad" else touched).append(heard)
    assert sum(caught) >= 0.95 * len(caught)
    assert sum(touched) <= 0.03 * len(touched)
