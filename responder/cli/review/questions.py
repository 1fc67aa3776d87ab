"""Questions: what a deed asks on its way, and what it tells at its end; each face puts them its own way.

A deed is a dialogue: it gives one question after the other and is sent the answers. None is no answer: the
person left, and what they were about to do is not done.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from responder.cli.card import CardSheet
from responder.model.draft import Draft
from responder.model.triage import Finding


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few; answered by its letter."""

    asks: str
    #: A letter and what it stands for.
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A few words on one line."""

    asks: str


@dataclass(frozen=True, slots=True)
class Sure:
    """Yes or no, after reading some lines; answered by "y"."""

    asks: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules and the network's counter say about words."""

    findings: Sequence[Finding]
    #: "205/280 characters"
    counted: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a reply, written in place; answered by what is to be stored."""

    sheet: CardSheet
    text: str
    #: Says at any time how words would be judged.
    judge: Callable[[str], Judged]
    #: Is told what is being written, whatever becomes of it.
    keep: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outside:
    """The words of a reply, written in the person's own editor."""

    sheet: CardSheet
    draft: Draft


@dataclass(frozen=True, slots=True)
class Form:
    """A form to fill in, in the person's own editor; answered by what they left there."""

    #: The case, like c-101.
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Open:
    """An address to open in a browser; answered by "y" where one was started."""

    url: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Words for the clipboard; answered by "y" where there is one."""

    text: str


@dataclass(frozen=True, slots=True)
class Read:
    """A case with its whole thread and history, to read."""

    sheet: CardSheet


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a deed, in a sentence or two."""

    says: str
    #: How it may look: one of canvas.STYLES.
    look: str = ""
    #: What belongs to it, line by line.
    lines: tuple[str, ...] = ()


Question = Choice | Line | Sure | Words | Outside | Form | Open | Copy | Read
Dialogue = Generator[Question, str | None, Told]
#: Said wherever somebody leaves a question.
NOTHING = Told("Nothing was changed.")
