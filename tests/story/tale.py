"""The vocabulary of the stories: a customer who writes, and a person who does only what is said to be due."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.cli.scene import Said, Scene, post
from tests.story.told import DEBRIEF, NEWS, WORKSHEET

#: What is due so soon is done now.
SOON = timedelta(minutes=30)
#: So long after its time a promise is broken for anybody.
GRACE = timedelta(hours=3)
#: Somebody comes at nine.
OPENS = 9
#: No story lasts longer.
LONGEST = timedelta(days=45)
#: It was done, or something of it could not be done now; which is said.
RANG = {0, 75}


@dataclass
class Tale:
    """One case, from the first word on; what is not seen by the command line is not known here."""

    scene: Scene
    language: str
    #: How long nobody looks where nothing is due.
    pace: timedelta = timedelta(days=1)
    case: str = "c-1"
    #: Who gives the second yes, where two people must; empty where one is enough.
    second: str = ""
    posts: int = 0
    #: What was approved, in order; no other words may ever go out.
    approved: list[str] = field(default_factory=list)
    #: What our yeses promised, as they were told when they were given.
    promised: list[str] = field(default_factory=list)
    #: Which promises nobody kept in time.
    broken: list[str] = field(default_factory=list)
    #: What was said by hand where everybody reads, as (kind, words).
    public: list[tuple[str, str]] = field(default_factory=list)
    #: What was done, as (kind, when it was due, when).
    deeds: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    fixed_at: datetime | None = None
    closed_at: datetime | None = None

    # --- what is typed

    def call(self, *tokens: str, codes: frozenset[int] | set[int] = frozenset({0}), who: str = "sam") -> Said:
        """Type a command that must go well; look at once that nothing went out that nobody approved."""
        said = self.scene.call(*tokens, who=who)
        assert said.code in codes, f"responder {' '.join(tokens)}: {said.code}\n{said.out}\n{said.err}"
        loose = [one["text"] for one in self.outbox() if one["text"] not in self.approved]
        assert not loose, f"responder {tokens[0]} sent what nobody approved: {loose}"
        return said

    def items(self, *tokens: str, who: str = "sam") -> list[dict[str, Any]]:
        """Return what a command lists."""
        found: list[dict[str, Any]] = self.call(*tokens, "--json", who=who).document["items"]
        return found

    def card(self) -> dict[str, Any]:
        """Return the card of the case."""
        (card,) = self.items("show", self.case)
        return card

    def outbox(self) -> list[dict[str, str]]:
        """Return what went out."""
        if not self.scene.outbox.exists():
            return []
        return [json.loads(line) for line in self.scene.outbox.read_text(encoding="utf-8").splitlines()]

    # --- what happens

    def customer_writes(self, text: str, **more: object) -> None:
        """Let the customer write, and read it: the words wait for a yes, and what is due is known."""
        self.posts += 1
        of_thread = {"thread": "p1", "author": "customer1"} if self.posts > 1 else {}
        self.scene.say(
            post(self.posts, text, name="Ana Moreau", language=self.language,
                 created_at=(self.scene.now - timedelta(minutes=5)).isoformat(), **of_thread, **more)
        )  # fmt: skip
        for step in ("poll", "triage", "draft", "post"):  # the last one plans what is due, and sends nothing
            before = len(self.outbox())
            self.call(step, codes=RANG)
            assert len(self.outbox()) == before, f"responder {step} sent something"

    def waits_with(self, playbook: str) -> dict[str, Any]:
        """Say that a draft of that kind waits, in the customer's language."""
        card = self.card()
        assert card["stage"] == "WAITING"
        assert (card["draft"]["playbook"], card["draft"]["language"]) == (playbook, self.language)
        return card

    def learns(self, **facts: str) -> None:
        """Tell what is known: there is another draft by it."""
        told = [token for name, value in facts.items() for token in (f"--{name}", value)]
        self.call("redo", self.case, "--reason", "we know more now", *told)
        self.call("draft")

    def says_yes(self) -> None:
        """Read the draft and approve exactly it; so does the second, where there must be two."""
        draft = self.card()["draft"]
        yes = ("--yes", "--draft", str(draft["number"]), "--reason", "read twice")
        deeds = []
        for who in filter(None, ("sam", self.second)):
            self.call("post", codes=RANG)
            assert draft["text"] not in [one["text"] for one in self.outbox()], "sent before its approval"
            deeds += self.items("approve", self.case, *yes, who=who)
            assert self.scene.call("approve", self.case, *yes, who=who).code != 0, "one person has one yes"
        self.approved.append(draft["text"])
        self.promised += [one["quote"] for one in deeds[-1]["promises"]]

    def sends(self) -> None:
        """Let what is approved go out, twice: the second time there is nothing to send."""
        before = len(self.outbox())
        self.call("post")
        assert self.outbox()[-1]["text"] == self.approved[-1]
        self.call("post")
        went = [one["in_reply_to"] for one in self.outbox()[before:]]
        assert len(went) == 1, f"one approval, and {len(went)} messages went out, to {went}"

    def answers(self) -> None:
        """Approve and send."""
        self.says_yes()
        self.sends()

    def prepares(self) -> None:
        """Fill in the worksheet."""
        form = self.scene.folder / "worksheet.toml"
        form.write_text(WORKSHEET, encoding="utf-8")
        self.call("worksheet", self.case, "--from", str(form))
        (sheet,) = self.items("worksheet", self.case)
        assert sheet["missing"] == []

    def kit(self, kind: str, *more: str) -> dict[str, Any]:
        """Take a piece of the kit; the worksheet is filled in where it is asked for, and only there."""
        if self.held_back(kind, *more):
            self.prepares()
        (piece,) = self.items("kit", self.case, "--kind", kind, *more)
        assert (piece["language"], bool(piece["text"])) == (self.language, True)
        return piece

    def held_back(self, kind: str, *more: str) -> bool:
        """Whether a piece of the kit waits for the worksheet, as the command says."""
        said = self.scene.call("kit", self.case, "--kind", kind, *more)
        return said.code != 0 and "first write down" in said.err

    # --- the days that pass

    def forgets(self) -> None:
        """Let the time of every promise pass, and the house find that out."""
        owed = [one for one in self.items("promises") if one["due_at"]]
        self.scene.now = max(moment(one["due_at"]) for one in owed) + GRACE
        self.call("daemon", "--once", codes=RANG)
        self.broken += [one["id"] for one in owed]

    def lives_on(self) -> None:
        """Let the days pass until nothing is left: each morning the digest, and what it says is due."""
        end = self.scene.now + LONGEST
        while True:
            self.call("daemon", "--once", codes=RANG)
            (digest,) = self.items("digest")
            self.items("alerts")
            self._works_off(digest)
            (digest,) = self.items("digest")
            if self.card()["stage"] == "CLOSED":
                self.closed_at = self.closed_at or self.scene.now
                if not any(digest[key] for key in ("promises", "follow_ups", "debriefs")):
                    return
            assert self.scene.now < end, f"after {LONGEST.days} days it is not over: {digest}"
            self.scene.now = self._next_look()

    def _works_off(self, digest: Mapping[str, Any]) -> None:
        """Do what the digest says is due, and what that makes due at once."""
        for case in [*digest["overdue_cases"], *digest["waiting_cases"]]:
            assert case["id"] == self.case
            self.answers()
        while due := [one for one in self.items("follow-ups") if self._due(one)]:
            self._follows_up(due[0])
        for one in self.items("promises"):
            if self._due(one) if one["due_at"] else self.fixed_at:
                self.call("promise", one["id"], "--kept", "--where", "told them")
        for one in self.items("debriefs"):
            self._talks_over(one)

    def _due(self, one: Mapping[str, Any]) -> bool:
        return moment(one["due_at"]) <= self.scene.now + SOON

    def _follows_up(self, one: Mapping[str, Any]) -> None:
        """Do one of what is due, with the words that are there for it."""
        kind = one["kind"]
        self.deeds.append((kind, moment(one["due_at"]), self.scene.now))
        told = ("follow-up", self.case, kind)
        if kind in {"call", "recap", "status"}:
            self.kit(kind)
        elif kind in {"update", "broken-promise", "closing"}:
            assert (one["language"], bool(one["text"])) == (self.language, True)
            self.public.append((kind, one["text"]))
        news = NEWS[self.language]
        as_written = kind in {"broken-promise", "closing"}
        self.call(*told, *(("--done",) if as_written else ("--said", news)))
        if kind in {"update", "status", "recap"} and not self.fixed_at:
            self.call("fixed", self.case, "--how", "put right")
            self.fixed_at = self.scene.now

    def _talks_over(self, one: Mapping[str, Any]) -> None:
        """Write the debrief, and do what it says is to change."""
        if one["state"] == "due":
            form = self.scene.folder / "debrief.toml"
            form.write_text(DEBRIEF, encoding="utf-8")
            self.call("debrief", self.case, "--from", str(form))
        (written,) = self.items("debriefs")
        assert [action["what"] for action in written["actions"]] == ["compare the lists each evening"]
        self.call("debrief", self.case, "--done", "1")

    def _next_look(self) -> datetime:
        """Return when somebody looks next: before the next that is due, at the latest after the pace."""
        now = self.scene.now
        rest = (now + self.pace).replace(hour=OPENS, minute=0)
        listed = [*self.items("follow-ups"), *self.items("promises")]
        before = [moment(one["due_at"]) - SOON / 2 for one in listed if one["due_at"]]
        return min([rest, *(at for at in before if at > now)])


def moment(told: str) -> datetime:
    """Return a time of JSON."""
    return datetime.fromisoformat(told).astimezone(UTC)
