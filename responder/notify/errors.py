"""What may go wrong when our own people are told something."""


class NotifyError(Exception):
    """A letter did not go out; the message says where, why, and what to do, and holds no secret."""

    def __init__(self, says: str, *, again: bool = True) -> None:
        super().__init__(says)
        #: Whether the same may work later; else only somebody's hand mends it.
        self.again = again
