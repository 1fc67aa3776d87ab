"""Rules: are they right, which are there, what does one say, and how far does each language go."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cyclopts import App, Group

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.words import many
from responder.policy.rules import EVERY_LANGUAGE, Levels, Rule

if TYPE_CHECKING:
    from responder.cli.canvas import Canvas
    from responder.policy.rulebook import Rulebook

app = App(name="rules", result_action="return_value", group_commands=Group("Commands", sort_key=0))


@dataclass(frozen=True, slots=True)
class RulesSheet:
    """Rules, with what each weighs."""

    rules: Sequence[Rule]
    schema: str = "responder.rules/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return each rule as plain data."""
        return [rule_item(one) for one in self.rules]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return language, id, kind, group, level in public, in private, in a script, what it says."""
        for one in self.rules:
            yield one.language, one.id, one.kind, one.group, *_levels(one.level), one.says

    def draw(self, canvas: "Canvas") -> None:
        """Draw one line a rule."""
        head = ("lang", "rule", "public", "private", "script", "it finds")
        rows = [(lang, id_, *levels, says) for lang, id_, _, _, *levels, says in map(tuple, self.rows())]
        canvas.table(head, [tuple(map(str, row)) for row in rows], widest=36)


@dataclass(frozen=True, slots=True)
class RuleSheet:
    """One rule in every language that has it."""

    rules: Sequence[Rule]
    schema: str = "responder.rule/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return the rule in each language, with its examples."""
        return [
            {
                **rule_item(one),
                "catches": [example.text for example in one.catches],
                "spares": [example.text for example in one.spares],
                "fix": one.fix,
                "none": one.none,
            }
            for one in self.rules
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return language, whether it must catch or spare it, and the text."""
        for one in self.rules:
            for example in one.catches:
                yield one.language, "catches", example.text
            for example in one.spares:
                yield one.language, "spares", example.text

    def draw(self, canvas: "Canvas") -> None:
        """Draw what it is about, then a few examples of each language."""
        one = self.rules[0]
        canvas.line((one.id, "strong"), f": {one.says}")
        canvas.line(f"{one.why} ({one.source})", indent=2)
        canvas.line(f"What to do: {one.suggestion}", indent=2)
        for name, levels in (("a person's words", one.level), ("ours, and a model's", one.level_own)):
            public, private, script = _levels(levels)
            canvas.line(
                (f"{name}: {public} in public, {private} in private, {script} in a script", "faint"), indent=2
            )
        for rule in self.rules:
            canvas.blank()
            canvas.line((rule.language, "strong"), f"  {rule.place}")
            if rule.none:
                canvas.line(f"none: {rule.none}", indent=2)
            for name, style, examples in (("catches", "care", rule.catches), ("spares", "good", rule.spares)):
                for example in examples[:4]:
                    canvas.item((name, style), example.text, indent=2, hang=9)
            if rule.fix:
                canvas.item(("write", "faint"), rule.fix, indent=2, hang=9)


@dataclass(frozen=True, slots=True)
class CoverageSheet:
    """How far the rules of each language go."""

    book: "Rulebook"
    schema: str = "responder.coverage/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return one item a language."""
        return [
            {
                "language": language,
                "rules": sum(not one.none for one in rules),
                "none": {one.id: one.none for one in rules if one.none},
                "native_review": not any(one.unread for one in rules),
                "may_block": sum(_may_block(one) for one in rules),
                "catches": sum(len(one.catches) for one in rules),
                "spares": sum(len(one.spares) for one in rules),
                "fixes": sum(one.fix is not None for one in rules),
                "off": [name for name in self.book.off if name.startswith(f"{language}/")],
            }
            for language, rules in self.book.rules.items()
            if language != EVERY_LANGUAGE
        ]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return language, rules, those that have no sense there, native review, rules that may block."""
        for one in self.items():
            yield (
                one["language"], one["rules"], len(_sized(one["none"])),
                "yes" if one["native_review"] else "no", one["may_block"], one["catches"], one["spares"],
            )  # fmt: skip

    def draw(self, canvas: "Canvas") -> None:
        """Draw one line a language, then what it means."""
        head = ("lang", "rules", "none", "read by a native", "may block", "catches", "spares")
        canvas.table(head, [tuple(map(str, row)) for row in self.rows()])
        canvas.blank()
        canvas.line(
            "Where nobody native has read the rules they warn at most; only what guards privacy,"
            " channels, placeholders and lengths blocks there."
        )
        for rules in self.book.rules.values():
            for one in rules:
                if one.none:
                    canvas.line(f"{one.language}/{one.id}: none; {one.none}")


def rule_item(one: Rule) -> dict[str, object]:
    """Return a rule for JSON."""
    return {
        "id": one.id,
        "language": one.language,
        "kind": str(one.kind),
        "group": one.group,
        "level": one.level._asdict(),
        "level_own": one.level_own._asdict(),
        "native_review": not one.unread,
        "playbooks": sorted(one.playbooks),
        "says": one.says,
        "why": one.why,
        "source": one.source,
        "suggestion": one.suggestion,
        "place": one.place,
    }


@app.command
def check(*, desk: AtDesk) -> None:
    """Load all rules and replies and run their examples; say everything that is wrong, as file:line."""
    book = desk.app.policy.rulebook
    book.prove()
    languages = {name: rules for name, rules in book.rules.items() if name != EVERY_LANGUAGE}
    rules = sum(not one.none for group in languages.values() for one in group)
    frames = sum(len(every) for words in book.words.languages.values() for every in words.replies.values())
    facts = {
        "version": book.version,
        "languages": sorted(languages),
        "rules": rules,
        "replies": frames,
        "off": dict(book.off),
    }
    if desk.screen.manner.json:
        desk.screen.document("responder.rulebook/1", [facts])
        return
    off = "".join(f"{name} is switched off: {because}\n" for name, because in book.off.items())
    told = (
        f"{many(rules, 'rule')} and {many(frames, 'reply', 'replies')} in {many(len(languages), 'language')}"
    )
    desk.screen.write(f"{off}{told} are right (version {book.version})\n")


@app.command(name="list")
def every(*, language: str | None = None, desk: AtDesk) -> None:
    """List the rules with what they weigh for a person's words.

    Args:
        language: The language, like fr; the company's if it is left out, "all" for each.
    """
    rules = desk.app.policy.rulebook.rules
    wanted = language or desk.settings.company.language
    if wanted != "all" and wanted not in rules:
        raise failures.Trouble(
            failures.USAGE,
            f"There are no rules for {wanted!r}.",
            todo=f"Known: {', '.join(sorted(rules))}, all.",
        )
    desk.screen.show(RulesSheet([one for lang in rules if wanted in {lang, "all"} for one in rules[lang]]))


@app.command
def show(rule: str, /, *, language: str = "", desk: AtDesk) -> None:
    """Show one rule: what it finds and why, what it catches and spares, and what to write.

    Args:
        rule: Its id, like no-but-apology.
        language: Only in this language.
    """
    from difflib import get_close_matches

    book = desk.app.policy.rulebook
    found = [
        one
        for lang, rules in sorted(book.rules.items())
        for one in rules
        if one.id == rule and (lang == language if language else lang != EVERY_LANGUAGE)
    ]
    if not found:
        ids = sorted({one.id for rules in book.rules.values() for one in rules})
        close = get_close_matches(rule, ids, 3)
        todo = f"Did you mean {' or '.join(close)}?" if close else "All of them: responder rules list"
        raise failures.Trouble(failures.USAGE, f"There is no rule {rule!r}.", todo=todo)
    desk.screen.show(RuleSheet(found))


@app.command
def coverage(*, desk: AtDesk) -> None:
    """Say how far the rules of each language go, and which of them nobody native has read."""
    desk.screen.show(CoverageSheet(desk.app.policy.rulebook))


@app.command
def overrides(*, desk: AtDesk) -> None:
    """Count the warnings that people approved a draft despite, by rule: a rule often overridden is wrong."""
    desk.screen.show(OverridesSheet(desk.store.views.overrides()))


@dataclass(frozen=True, slots=True)
class OverridesSheet:
    """Warnings that people approved a draft despite."""

    counts: Counter[str]
    schema: str = "responder.overrides/1"

    def items(self) -> list[Mapping[str, object]]:
        """Return one item a rule, the most overridden first."""
        return [{"rule": rule, "overridden": n} for rule, n in self.counts.most_common()]

    def rows(self) -> Iterator[Sequence[object]]:
        """Return rule and count."""
        yield from self.counts.most_common()

    def draw(self, canvas: "Canvas") -> None:
        """Draw one line a rule."""
        if not self.counts:
            canvas.line("Nobody has approved a draft despite a warning.")
        canvas.table(("rule", "overridden"), [(rule, f"{n:,}") for rule, n in self.counts.most_common()])


def _levels(levels: Levels) -> tuple[str, str, str]:
    """Return the levels as words; "-" is silence."""
    return levels.public or "-", levels.private or "-", levels.script or "-"


def _may_block(one: Rule) -> bool:
    """Whether the rule can stop a draft at all."""
    return not one.unread and not one.none and "block" in {*one.level, *one.level_own}


def _sized(value: object) -> Mapping[str, str]:
    """Return a mapping that plain data holds."""
    return value if isinstance(value, dict) else {}
