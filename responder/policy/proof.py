"""Proof: before a reply is ever used, it is written out and held against our own rules."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from responder.model.mention import Audience, Author, Mention
from responder.model.triage import Level
from responder.policy.detectors import Context
from responder.policy.frames import KIT_SLOTS, WordBook, Words
from responder.policy.hours import When
from responder.policy.lengths import topics_of
from responder.policy.planner import SCRIPTS, Facts, Plan, Playbook
from responder.policy.rules import Rule, check
from responder.policy.wording import Room, Voice, Wording, write

#: How many topics each frame is tried with while it is loaded; a test tries them all.
_FEW = 2
_ROOMY = Room(length=100_000)
_PROMISES = (When(hours=4), When(by=600))
#: Who can read or hear what is not for everybody.
_AUDIENCES = {
    Playbook.PRIVATE_MESSAGE: (Audience.PRIVATE,),
    Playbook.CALL: (Audience.SCRIPT,),
    Playbook.VOICEMAIL: (Audience.SCRIPT,),
    Playbook.EMAIL: (Audience.PRIVATE,),
    Playbook.RECAP: (Audience.PRIVATE,),
    Playbook.STATUS: (Audience.PRIVATE,),
}


@dataclass(frozen=True, slots=True)
class Proving:
    """Rules as `check` wants them."""

    rules: Mapping[str, tuple[Rule, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One way to write one frame."""

    playbook: Playbook
    topic: str
    #: The number of the draft: it turns through frames, and then through the topic's clauses.
    number: int = 1
    about: str = ""
    informal: bool = False
    audience: Audience = Audience.PUBLIC
    when: When = _PROMISES[0]
    facts: bool = False


def faults(book: WordBook, proving: Proving) -> list[str]:
    """Return, as `path:line: message`, which rules replies break when they are written out.

    Every topic is tried in one frame, with every clause, and every frame with a few topics: what a frame adds
    to a clause is its own. A note is no fault: it says that we commit ourselves.
    """
    return [
        problem for words in book.languages.values() for problem in broken(_trials(words), words, proving)
    ]


def every_trial(words: Words) -> Iterator[Trial]:
    """Yield every frame with every topic, clause, register, audience, promise, with and without facts."""
    for playbook, about, count in _kinds(words):
        for topic in topics_of(playbook, words):
            telling = words.telling(topic)
            turns = len(telling.own) * (1 if playbook in SCRIPTS else len(telling.cost))
            for number in range(1, count * turns + 1):
                yield from _ways(playbook, topic, number, about)


def trials_of(playbook: Playbook, words: Words) -> Iterator[Trial]:
    """Yield every frame of one kind of reply or script, with a few topics, in every way."""
    for kind, about, count in _kinds(words):
        if kind is playbook:
            for number in range(1, count + 1):
                for topic in topics_of(playbook, words)[:_FEW]:
                    yield from _ways(playbook, topic, number, about)


def broken(trials: Iterable[Trial], words: Words, proving: Proving) -> list[str]:
    """Return, as `path:line: message`, each rule that blocks or warns about a trial, once for a topic."""
    told: dict[tuple[str, ...], str] = {}
    seen: set[tuple[str, str, str]] = set()
    for trial in trials:
        wording = written(trial, words)
        if (known := (wording.text, trial.audience, trial.playbook)) in seen:
            continue
        seen.add(known)
        context = Context(audience=trial.audience, playbook=trial.playbook, language=words.language)
        for finding in check(wording.text, context, proving):
            if finding.level is not Level.NOTE:
                rules = ", ".join(dict.fromkeys((finding.rule, *finding.also)))
                told.setdefault(
                    (wording.reply, trial.topic, rules, finding.quote),
                    f"{_place(wording.reply, words)}: {wording.reply} about {trial.topic} breaks {rules}: "
                    f"{finding.says} {finding.quote!r} in {wording.text!r}",
                )
    return list(told.values())


def written(trial: Trial, words: Words) -> Wording:
    """Return the words of a trial, with all the room there is."""
    facts = _known(trial.about) if trial.facts else Facts(broke=trial.about)
    plan = Plan(
        playbook=trial.playbook,
        topic=trial.topic,
        number=trial.number,
        informal=trial.informal,
        facts=facts,
        when=trial.when,
        reference="…" if trial.facts else "",
        said=dict.fromkeys(KIT_SLOTS, "…") if trial.facts else {},
    )
    book = WordBook(languages={words.language: words})
    voice = Voice(company="Acme", signature="^Ana", language=words.language)
    return write(plan, voice, _mention(trial.audience), _ROOMY, book)


def _trials(words: Words) -> Iterator[Trial]:
    """Yield what is tried at every start."""
    first = Playbook.FIRST_PUBLIC_REPLY
    frames = len(words.frames(first))
    for topic in topics_of(first, words):
        yield Trial(playbook=first, topic=topic)
        yield Trial(playbook=first, topic=topic, number=1 + frames, informal=True)  # the other clauses
        yield Trial(playbook=Playbook.PRIVATE_MESSAGE, topic=topic, informal=True, audience=Audience.PRIVATE)
    for playbook in dict.fromkeys(kind for kind, _, _ in _kinds(words)):
        yield from (trial for trial in trials_of(playbook, words) if not trial.facts)


def _kinds(words: Words) -> Iterator[tuple[Playbook, str, int]]:
    """Yield each kind of reply and script, with what it is about and how many frames it has."""
    for playbook, replies in words.replies.items():
        for about in dict.fromkeys(frame.about for frame in replies):
            yield Playbook(playbook), about, len(words.frames(playbook, about))
    for playbook in words.scripts:
        yield Playbook(playbook), "", 1


def _ways(playbook: Playbook, topic: str, number: int, about: str) -> Iterator[Trial]:
    """Yield one frame and topic in both registers, with both promises, in public and private, with facts."""
    for audience in _AUDIENCES.get(playbook, (Audience.PUBLIC, Audience.PRIVATE)):
        for informal, facts in ((False, False), (True, False), (True, True)):
            yield Trial(
                playbook=playbook,
                topic=topic,
                number=number,
                about=about,
                informal=informal,
                audience=audience,
                when=_PROMISES[informal],
                facts=facts,
            )


def _known(about: str) -> Facts:
    """Return facts in no language at all, so that no rule hears them."""
    return Facts(broke=about, promised="…", solution="…", prevention="…", since="13:10", owner="Ana")


def _place(name: str, words: Words) -> str:
    """Return where a frame is written."""
    for frames in words.replies.values():
        for frame in frames:
            if frame.id == name:
                return frame.place
    return next(script.place for script in words.scripts.values() if script.id == name)


def _mention(audience: Audience) -> Mention:
    """Return a complaint by somebody with a name."""
    author = Author(id="1", handle="someone", name="Ana Novak")
    at = datetime(2000, 1, 1, tzinfo=UTC)
    return Mention(
        account="", external_id="", thread="", author=author, text="", created_at=at, audience=audience
    )
