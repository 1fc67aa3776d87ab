"""Letter: what our own people are told, in every form that a mail or a chat may want."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The same words four times; none of them can act on who reads them."""

    #: One line.
    subject: str
    #: At most 78 columns, where no word is longer.
    text: str
    #: A whole document that loads nothing; "" where there is none.
    html: str = ""
    #: For chats; "" where the text serves.
    markdown: str = ""
