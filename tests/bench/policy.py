"""How right and how fast the rules are: on examples, real replies, mutants of good replies, and fixes."""

import csv
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import policies
from responder.model.case import Case, Stage
from responder.model.draft import Origin
from responder.model.facts import Facts
from responder.model.limits import Limits
from responder.model.mention import Author, Mention
from responder.model.triage import Level
from responder.policy.closing import names, unclosed
from responder.policy.detectors import Context
from responder.policy.judging import audience_of
from responder.policy.planner import SCRIPTS, Playbook
from responder.policy.policy import Policy
from responder.policy.rulebook import Rulebook, load
from responder.policy.rules import EVERY_LANGUAGE, Rule, check
from responder.policy.wording import Voice

SHARED = Path(__file__).parents[3] / "shared"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_SIGNATURE = "^Ana"
VOICE = Voice(company="Acme", signature=_SIGNATURE, contact="care@acme.example", update_within=4)
#: A label of a real reply, the rule that should say so, and what every reply with it looks like.
LABELS = {
    "dmonly": "acknowledge-before-offline",
    "boil": "no-inconvenience-boilerplate",
    "vague": "no-vague-time-promise",
    "asap": "no-vague-time-promise",
    "piia": "no-personal-data-request-in-public",
    "link": "no-link-only-deflection",
    "reask": "no-reask-known-info",
    "tone": "no-tone-mismatch",
    "def": "no-defensive-language",
    "intl": "no-internal-detail",
    "noack": "acknowledge-impact",
    "noapo": "apologise-in-words",
}
#: Kinds of reply for which an example makes sense where the rule's own kinds are not the usual one.
KINDS = {
    "no-promise-denial": "broken_promise",
    "prevention-step-present": "closed",
    "offline-invitation-present": "still_angry",
}
#: Drafts that are made bad in every way; others would be made so in the same words.
_MUTATED = ("first_public_reply", "still_angry", "broken_promise")
_MUTATED_ABOUT = ("late", "rude_staff", "double_charge", "unclear")
#: A post that has told what is wrong, for rules that ask about it.
TOLD = "my new phone charger broke after two days and nobody answers my mails at all"


class Mutant(NamedTuple):
    """A good reply made bad in one way."""

    rule: str
    text: str
    context: Context
    #: The words that were put in; what they break by themselves is meant.
    words: str = ""


def run() -> dict[str, object]:
    """Measure the rules of every language; what needs data that is not there says so."""
    started = time.process_time()
    book = load([Path(policies.__file__).parent])
    loading = time.process_time() - started
    policy = Policy(rulebook=book, voice=VOICE, allowed=("care@acme.example",))
    drafts = dict(_drafts(policy))
    return {
        "rulebook": book.version,
        "loading, seconds": round(loading, 2),
        "rules": {code: len(rules) for code, rules in book.rules.items() if code != EVERY_LANGUAGE},
        "examples": examples(book),
        "real replies": replies(book),
        "drafts": own_drafts(drafts),
        "mutants": mutants(book, drafts),
        "fixes": fixes(book),
        "rules that meet at one place": conflicts(book),
        "speed": speed(policy, book),
    }


def examples(book: Rulebook) -> dict[str, object]:
    """Return, by language, how many examples that we did not write are caught and touched."""
    if not (SHARED / "policy").is_dir():
        return {"skipped": "the examples for measuring are not beside this checkout"}
    out: dict[str, object] = {}
    for code, rules in foreign().items():
        counts: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        for rule, sides in rules.items():
            for side, texts in sides.items():
                for text in texts:
                    context = Context(
                        origin=Origin.PERSON,
                        language=code,
                        playbook=KINDS.get(rule, ""),
                        mention_text=TOLD if rule == "no-reask-known-info" else "",
                    )
                    heard = rule in names(check(text, context, book))
                    counts[side] += 1
                    counts[f"{side} heard"] += heard
                    wrong[rule] += heard is not (side == "bad")
        out[code] = {
            "bad caught": f"{counts['bad heard']} of {counts['bad']}",
            "good touched": f"{counts['ok heard']} of {counts['ok']}",
            "wrong by rule": {rule: n for rule, n in wrong.items() if n},
        }
    return out


def replies(book: Rulebook) -> dict[str, object]:
    """Return how the rules judge real replies of brands, against a person's labels."""
    path = SHARED / "data" / "replies" / "brand_replies.csv"
    if not path.exists():
        return {"skipped": "the replies for measuring are not beside this checkout"}
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lexical = {rule.id for rule in book.rules["en"] if rule.kind == "lexical"}
    found = []
    warned = 0
    blocks: Counter[str] = Counter()
    for row in rows:
        context = Context(origin=Origin.PERSON, playbook="first_public_reply", mention_text=TOLD)
        findings = check(row["reply_text"], context, book)
        found.append(names(findings))
        warned += sum(one.level is Level.WARN for one in findings)
        blocks.update({one.rule for one in findings if one.level is Level.BLOCK and one.rule in lexical})
    labels = {}
    for label, rule in LABELS.items():
        marked = [
            rule in heard for row, heard in zip(rows, found, strict=True) if label in row["labels"].split()
        ]
        labels[f"{label} -> {rule}"] = f"{sum(marked)} of {len(marked)}"
    return {
        "replies": len(rows),
        "blocked by lexical rules": dict(blocks),
        "warnings a reply": round(warned / len(rows), 2),
        "labels heard": labels,
    }


def own_drafts(drafts: Mapping[tuple[str, ...], Any]) -> dict[str, object]:
    """Return how many of our own drafts have a warning or a block."""
    bad = Counter(
        f"{key[0]}: {one.rule}"
        for key, words in drafts.items()
        for one in words.findings
        if one.level is not Level.NOTE
    )
    return {"written": len(drafts), "with a warning or block": dict(bad)}


def mutants(book: Rulebook, drafts: Mapping[tuple[str, ...], Any]) -> dict[str, object]:
    """Return how many mutants of our drafts the intended rule catches, and which rules block besides."""
    caught: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    besides: Counter[str] = Counter()
    for key, words in drafts.items():
        if key[1] not in _MUTATED or key[2] != "280" or key[3] not in _MUTATED_ABOUT:
            continue
        for mutant in _mutants(book, key[0], key[1], words.text):
            findings = check(mutant.text, mutant.context, book)
            (caught if mutant.rule in names(findings) else missed)[mutant.rule] += 1
            alone = names(check(mutant.words, mutant.context, book)) if mutant.words else set()
            for one in findings:
                if one.level is Level.BLOCK and mutant.rule not in (one.rule, *one.also):
                    besides[f"{key[0]}: {mutant.rule} -> {one.rule}"] += one.rule not in alone
    total = sum(caught.values()) + sum(missed.values())
    return {
        "mutants": total,
        "caught by the intended rule": round(sum(caught.values()) / max(1, total), 4),
        "missed": dict(missed),
        "other blocks": {name: n for name, n in besides.items() if n},
    }


def fixes(book: Rulebook) -> dict[str, object]:
    """Return how many of the fixes that rules propose settle their finding."""
    tried = sum(len(rule.catches) for rules in book.rules.values() for rule in rules if rule.fix is not None)
    open_ones = [trouble for code in book.rules for trouble in unclosed(code, book)]
    return {"tried": tried, "settled": round(1 - len(open_ones) / max(1, tried), 4), "not": open_ones[:20]}


def conflicts(book: Rulebook) -> dict[str, int]:
    """Return the pairs of rules that are found at one place in our own examples, the most frequent first."""
    pairs: Counter[str] = Counter()
    for code, rules in book.rules.items():
        for rule in rules:
            for example in rule.catches:
                context = replace(example.context, origin=Origin.PERSON, language=_code(code))
                for one in check(example.text, context, book):
                    if one.end:
                        pairs.update(f"{one.rule} over {other}" for other in one.also)
    return dict(pairs.most_common(15))


def speed(policy: Policy, book: Rulebook) -> dict[str, object]:
    """Return how long a draft takes (planned, written, checked), and how many texts a second are checked."""
    medians = {}
    topics = sorted(book.topics.catalogue)
    for code in _languages(book):
        spans = []
        for number in range(60):
            case = _case(code, topics[number % len(topics)], 1 + number % 5, Facts())
            case = replace(case, target=replace(case.target, external_id=f"{code}{number}"))
            started = time.perf_counter()
            policy.write(case, Limits(length=280), NOW)
            spans.append(time.perf_counter() - started)
        medians[code] = round(1e6 * statistics.median(spans))
    texts = [(code, example.text) for code in _languages(book) for rule in book.rules[code]
             for example in rule.spares]  # fmt: skip
    started = time.perf_counter()
    for code, text in texts:
        check(text, Context(origin=Origin.PERSON, language=code), book)
    a_second = round(len(texts) / (time.perf_counter() - started))
    median = round(statistics.median(medians.values()))
    return {"a draft, microseconds": medians, "median": median, "checked a second": a_second}


def foreign() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return examples by language, rule and side (bad, ok), as the shared folder has them."""
    import yaml

    folder = SHARED / "policy"
    catalogue = yaml.safe_load((folder / "rules.yaml").read_text(encoding="utf-8"))["rules"]
    english = {one["id"]: {side: one[side] for side in ("bad", "ok") if one.get(side)} for one in catalogue}
    others = yaml.safe_load((folder / "examples.yaml").read_text(encoding="utf-8"))
    return {"en": english, **others}


def _languages(book: Rulebook) -> list[str]:
    return sorted(code for code in book.rules if code != EVERY_LANGUAGE)


def _code(code: str) -> str:
    return "en" if code == EVERY_LANGUAGE else code


def _case(code: str, topic: str, number: int, facts: Facts) -> Case:
    mention = Mention(
        account="acme",
        external_id=f"{code}-{topic}-{facts.kind}-{number}",
        thread="1",
        author=Author(id="1", handle="sam", name="Sam Weaver"),
        text="?",
        created_at=NOW,
        language=code,
    )
    return Case(
        id=1, account="acme", stage=Stage.NEEDS_REPLY, version=1, target=mention, posts=1, replies=0,
        opened_at=NOW, moved_at=NOW, tier=1, topic=topic, draft_number=number - 1, facts=facts,
    )  # fmt: skip


def _drafts(policy: Policy) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield our drafts: every language, kind of reply, network's limit, and topic in turn."""
    topics = ["unclear", *sorted(next(iter(policy.rulebook.words.languages.values())).tellings)]
    for code in _languages(policy.rulebook):
        for playbook in Playbook:
            for length in (280, 300, 500, 10_000):
                for at, topic in enumerate(topics):
                    if playbook in SCRIPTS and at > 2:
                        break
                    facts = Facts(kind=playbook, broke="late" if playbook == "broken_promise" else "")
                    case = _case(code, topic, 1 + at % 3, facts)
                    key = code, str(playbook), str(length), topic
                    yield key, policy.write(case, Limits(length=length), NOW)


def _mutants(book: Rulebook, code: str, playbook: str, text: str) -> Iterator[Mutant]:
    """Yield mutants of a good reply."""
    context = Context(
        origin=Origin.PERSON,
        language=code,
        playbook=playbook,
        audience=audience_of(Context().audience, playbook),
    )
    for rule in book.rules[code]:
        yield from _with_its_own_words(rule, text, context)
    yield Mutant("no-customer-data-disclosure", f"{text} 4471902.", context)
    yield Mutant("no-placeholder-left", f"{text} {{name}}", context)
    yield Mutant("name-and-sign", text.removesuffix(_SIGNATURE).rstrip(), context)
    other = "fr" if code != "fr" else "de"
    yield Mutant("language-and-register-match", text, replace(context, mention_language=other))


def _with_its_own_words(rule: Rule, text: str, context: Context) -> Iterator[Mutant]:
    """Yield the reply with each of the rule's examples behind it, where nothing in the reply excuses them."""
    if rule.kind != "lexical" or rule.none or rule.weighs(context) is None:
        return
    for example in rule.catches:
        if rule.id in _EXCUSED or (rule.playbooks and context.playbook not in rule.playbooks):
            continue
        inserted = replace(context, mention_text=example.context.mention_text)
        signed = text.removesuffix(_SIGNATURE)
        yield Mutant(rule.id, f"{signed}{example.text} {_SIGNATURE}", inserted, example.text)


#: Rules that a good reply excuses by what it says itself: in it their words are no fault.
_EXCUSED: Mapping[str, str] = defaultdict(
    str,
    {
        "no-third-party-blame": "we own it",
        "no-sorry-to-hear-only": "we apologise",
        "no-link-only-deflection": "we do something",
        "no-doubting-the-customer": "we thank them for telling",
    },
)
