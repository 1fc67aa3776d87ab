"""Closing: whether what a rule tells a person to write would satisfy the rules."""

from collections.abc import Iterator
from dataclasses import replace

from responder.model.draft import Origin
from responder.model.triage import Finding, Level
from responder.policy.detectors import Context
from responder.policy.rules import HoldsRules, Rule, check, mended


def unclosed(language: str, book: HoldsRules) -> Iterator[str]:
    """Yield, for each example a rule of `language` catches, why its own fix does not settle it.

    A fix settles a finding when the rule is silent afterwards and no rule warns or blocks that was silent
    before. Notes do not count: that a reply commits us is no fault.
    """
    for rule in book.rules.get(language, ()):
        if rule.fix is None:
            continue
        for example in rule.catches:
            if trouble := _trouble(rule, example.text, replace(example.context, origin=Origin.PERSON), book):
                yield f"{language}/{rule.id}: {example.text!r}: {trouble}"


def names(findings: tuple[Finding, ...]) -> set[str]:
    """Return the ids of all rules that findings tell, those told along too."""
    return {name for one in findings for name in (one.rule, *one.also)}


def _trouble(rule: Rule, text: str, context: Context, book: HoldsRules) -> str:
    """Return why applying the fix of `rule`, as often as it is found, leaves something to say; "" if not."""
    findings = check(text, context, book)
    before = names(findings)
    if rule.id not in before:
        return ""  # it has no weight there
    for _ in range(4):
        mine = next((one for one in findings if rule.id in (one.rule, *one.also)), None)
        if mine is None:
            break
        better = mended(text, mine)
        if better is None or better == text:
            return "there is no fix"
        text = better
        findings = check(text, context, book)
    after = names(findings)
    if rule.id in after:
        return f"still found in {text!r}"
    new = names(tuple(one for one in findings if one.level is not Level.NOTE)) - before
    return f"{', '.join(sorted(new))} begin to speak about {text!r}" if new else ""
