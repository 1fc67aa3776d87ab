"""Digests: each day's letter to everybody who gets one, at their hour, in their language, once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from responder import letter
from responder.model.digest import Digest
from responder.model.letter import Letter
from responder.model.recipient import Recipient, Way
from responder.notify.folder import digest as into_folder
from responder.notify.sender import Sender
from responder.notify.tell import Notice, tell
from responder.settings import Settings
from responder.steps.digest import digest
from responder.steps.report import Report, Stop, never
from responder.store.store import Store

#: How far back "what happened" goes.
_SINCE = timedelta(days=1)
KIND = "digest"


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk as it is at one moment, read once for all who share a time zone."""

    store: Store
    settings: Settings
    now: datetime
    _read: dict[str, Digest] = field(default_factory=dict)

    def digest(self, to: Recipient) -> Digest:
        """Return what somebody is told, its days by their time zone."""
        zone = str(to.zone)
        if zone not in self._read:
            local = self.now.astimezone(to.zone)
            accounts = {one.name: one.allowance for one in self.settings.accounts}
            self._read[zone] = digest(self.store, local - _SINCE, local, accounts=accounts)
        return self._read[zone]

    def letter(self, to: Recipient) -> Letter:
        """Return the same as a letter in their language."""
        company = self.settings.company.name
        return letter.write(self.digest(to), company, to.zone, to.language, to=to.name)

    def into_folder(self, to: Recipient) -> None:
        """Write it into the folder; raises NotifyError."""
        day = self.now.astimezone(to.zone).date()
        words, figures = self.letter(to).text, letter.figures(self.digest(to))
        into_folder(self.settings.digest.folder, day, words, figures)

    def send(self, to: Recipient, notice: Notice, sender: Sender) -> None:
        """Send it to them; raises NotifyError."""
        sender.send(self.letter(to), to, notice.way, notice.key, self.now)


def send_digests(
    store: Store, settings: Settings, sender: Sender, now: datetime, *, stop: Stop = never
) -> Report:
    """Send the digests that are due; one that fails holds up no other, and is tried again the same day.

    A day has its digest once the hour has come on its date, by the recipient's clock: also after a sleep,
    also where the hour does not exist or comes twice. A day that nobody was awake on has none.
    """
    due = dict(_due(settings, now))
    wanted = store.notices.due([one.key for one in due], now) if due else set()
    desk = Desk(store, settings, now)
    sent, problems = 0, []
    for notice, to in due.items():
        if notice.key not in wanted or stop():
            continue
        how: Callable[[], object] = (
            partial(desk.into_folder, to)
            if notice.way is Way.FOLDER
            else partial(desk.send, to, notice, sender)
        )
        problem = tell(store, notice, how, now)
        sent += problem == ""
        if problem:
            problems.append(f"the digest for {to.name or 'the folder'} did not go out: {problem}")
    return Report({"digest": sent} if sent else {}, tuple(problems))


def send_again(desk: Desk, sender: Sender, to: Recipient) -> Iterator[tuple[Way, str]]:
    """Send somebody the digest now, whatever was sent; give each way, and what went wrong ("": nothing)."""
    about = desk.now.astimezone(to.zone).isoformat(timespec="microseconds")
    for way in to.ways:
        notice = Notice(kind=KIND, about=about, recipient=to.name, way=way)
        # nobody but who asked for it sends it again
        problem = tell(desk.store, notice, partial(desk.send, to, notice, sender), desk.now, again=False)
        yield way, "it is being sent at this very moment" if problem is None else problem


def folder_of(settings: Settings) -> Recipient:
    """Return the folder as one who gets the digest."""
    company = settings.company
    return Recipient(name="", zone=company.timezone, language=company.language, digest=settings.digest.at)


def _due(settings: Settings, now: datetime) -> Iterator[tuple[Notice, Recipient]]:
    """Give what is due by now on the date of each recipient, whether it went out or not."""
    for to in (folder_of(settings), *settings.told):
        local = now.astimezone(to.zone)
        if to.digest is None or local.time() < to.digest:
            continue
        for way in to.ways or (Way.FOLDER,):
            yield Notice(kind=KIND, about=local.date().isoformat(), recipient=to.name, way=way), to
