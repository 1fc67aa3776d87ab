"""Sorting: what is told apart from complaints, and why; what is doubtful stays before a person."""

from responder.model.mention import Mention
from responder.model.triage import GRAVE
from responder.policy.cues import Kind
from responder.policy.hearing import Heard
from responder.policy.senses import Senses, Taken

#: A rule and what it says, for each reason.
Reasons = list[tuple[str, str]]

#: Why nobody is answered who asked for silence; grave harm is put before a person all the same.
OPTED_OUT = ("opted-out", "asked us not to answer")

#: Points of spam at which it is all there is to a post, and how many words of it outweigh a trouble.
_SPAM, _MUCH_SPAM = -25, 2
#: Sums up to which praise, thanks or a plain question is all there is to a post.
_CALM_PRAISE, _CALM_THANKS, _CALM_QUESTION = -6, -4, -4
#: Thanks alone close a post of so few words; a longer one ends with thanks out of politeness.
_SHORT = 12
#: Of fewer words the model makes nothing that would do to set a post aside.
_ENOUGH = 4
#: From this probability on the model speaks against praise, thanks and questions.
_LIKELY = 0.5


def why_aside(mention: Mention, taken: Taken, senses: Senses, *, unsolved: int | None) -> Reasons:
    """Return why a post needs no answer to a complaint; nothing when it may need one.

    `unsolved` is the worst tier that an earlier post of the thread left unsolved, None for none. Grave harm
    is never set aside, nor is what we do not understand.
    """
    heard = taken.heard
    handle = mention.author.handle.lower()
    if handle in senses.ourselves:
        return [("ourselves", "written by an account of our own")]
    worst = max((cue.tier for cue in heard.causes if cue.kind is not Kind.NEED), default=0)
    if max(worst, unsolved or 0) >= GRAVE:
        return []
    if handle in senses.opted_out or heard.means(Kind.OPT_OUT):
        return [OPTED_OUT]
    if unsolved is not None:
        return []
    return _no_customer(mention, heard, worst) or _nothing_wrong(mention, taken, senses, worst)


def _no_customer(mention: Mention, heard: Heard, worst: int) -> Reasons:
    """Return whether no customer wrote it."""
    if _spam(heard, worst):
        return [("all-spam", "is spam or advertising")]
    return [("bot", "the network marks the author as automated")] if mention.author.bot else []


def _nothing_wrong(mention: Mention, taken: Taken, senses: Senses, worst: int) -> Reasons:
    """Return whether a customer says that nothing is wrong, or the model reads it so."""
    heard = taken.heard
    if not heard.whole or heard.turned or taken.language.code is None:
        return []
    if heard.solved:
        return [("all-solved", "says that it is solved, and nothing wrong after that")]
    return _calm(mention, taken, worst) or _unlikely(taken, senses, worst)


def why_doubt(taken: Taken) -> Reasons:
    """Return what a person should be doubtful about in a post that is taken for a complaint."""
    heard, doubts = taken.heard, Reasons()
    if heard.means(Kind.PRAISE) and not heard.causes and taken.opinion.complaint >= _LIKELY:
        doubts.append(("doubt", "praise that may not be meant: read it as a complaint or dismiss it"))
    if taken.language.code is None:
        doubts.append(("unknown-language", "not in a language of ours: a person reads and answers it"))
    if not (heard.wrong or heard.calm or heard.turned or heard.late):
        doubts.append(("unknown", "says nothing we know, so a person reads it"))
    return doubts


def _spam(heard: Heard, worst: int) -> bool:
    """Whether spam is all there is to a post, or so much of it that a trouble in it is bait."""
    points = sum(hit.cue.points for hit in heard.calm.values() if hit.cue.kind is Kind.SPAM)
    return points <= _SPAM and (heard.spam >= _MUCH_SPAM or worst <= 1)


def _calm(mention: Mention, taken: Taken, worst: int) -> Reasons:
    """Return whether praise, thanks or a plain question is all there is to it, and nothing is wrong."""
    heard = taken.heard
    if worst or taken.opinion.complaint >= _LIKELY:
        return []
    wrong = [hit.cue for hit in heard.wrong.values()]
    total = sum(hit.cue.points for hit in (*heard.wrong.values(), *heard.calm.values()))
    if heard.means(Kind.QUESTION) and not wrong and total <= _CALM_QUESTION:
        return [("all-question", "a plain question, and nothing wrong")]
    needs = sum(cue.points for cue in wrong if cue.kind is Kind.NEED)
    if not heard.means(Kind.PRAISE) or (needs and any(cue.kind is not Kind.NEED for cue in wrong)):
        return []
    short = len(heard.tokens.words) <= _SHORT and "?" not in mention.text
    praised = total - needs <= (_CALM_THANKS if short else _CALM_PRAISE)
    return [("all-praise", "praise or thanks, and nothing wrong")] if praised else []


def _unlikely(taken: Taken, senses: Senses, worst: int) -> Reasons:
    """Return whether the model finds a complaint too unlikely, and no cue speaks for one."""
    chance = taken.opinion.complaint
    asks = "?" in "".join(taken.heard.tokens.words) and not taken.heard.means(Kind.QUESTION)
    needs = any(cue.kind is Kind.NEED for cue in taken.heard.causes)
    if worst or needs or taken.topic or asks or chance >= senses.set_aside_below or not _understood(taken):
        return []
    return [("unlikely", f"reads like no complaint: {chance:.1%}, below {senses.set_aside_below:.0%}")]


def _understood(taken: Taken) -> bool:
    """Whether there is enough to judge by: some words, with something calm among them.

    The model alone sets nothing aside: it has never heard of glass in a salad.
    """
    heard = taken.heard
    return sum(word[0].isalpha() for word in heard.tokens.words) >= _ENOUGH and bool(heard.calm)
