"""From WAITING to SENT: replies a second through a network that takes 20 ms a call, on each database.

As in life, a person approves in a process of their own while the daemon sends, an account a thread.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path

from responder.connector import Account, Look, Page, Sight
from responder.model.case import Stage
from responder.model.delivery import Receipt
from responder.model.draft import Message
from responder.model.mention import Mention
from responder.steps.approve import approve
from responder.steps.draft import draft
from responder.steps.post import Mode, post
from responder.steps.triage import triage
from responder.store.store import Store
from tests.lifecycle.world import TARGETS
from tests.network import START, ScriptedNetwork, mention
from tests.policies import PlainPolicy
from tests.postgres import fresh_database

CALL = 0.02
NAMES = ("north", "south")
NOW = START + timedelta(minutes=5)


class Slow(ScriptedNetwork):
    """A network that takes its time for each call, and none of ours to look through posts."""

    def look(self, mention: Mention) -> Look:
        time.sleep(CALL)
        return Look(sight=Sight.PRESENT, now=mention)

    def send(self, message: Message, to: Mention) -> Receipt:
        time.sleep(CALL)
        return super().send(message, to)


def run(folder: Path, quick: bool) -> dict[str, object]:
    """Return replies a second over two accounts at once, beside what two calls a reply leave room for."""
    replies = 100 if quick else 1_000
    alone = _network(replies)
    figures: dict[str, object] = {
        "replies": replies,
        "seconds a call": CALL,
        "the network alone, a second": alone,
    }
    with fresh_database() as url:
        for name, where in {"sqlite": f"sqlite:///{folder / 'sending.db'}", "postgresql": url}.items():
            sent = one_run(where, replies) if where else None
            figures[f"{name}, a second"] = sent or "no PostgreSQL here"
            figures[f"{name}, of the network"] = sent and round(sent / alone, 2)
    return figures


def _network(replies: int) -> float:
    """Return how many replies a second the two calls of each take by themselves, on this machine."""

    def calls(_name: str) -> None:
        for _ in range(replies // len(NAMES)):
            time.sleep(CALL)  # the look at the post
            time.sleep(CALL)  # the reply

    began = time.perf_counter()
    with ThreadPoolExecutor(len(NAMES)) as accounts:
        list(accounts.map(calls, NAMES))
    return round(replies / (time.perf_counter() - began), 1)


def one_run(url: str, replies: int) -> float:
    """Approve and send so many replies over two accounts at once; return how many a second."""
    store = Store(url)
    store.prepare()
    accounts = {name: Account(name=name, connector=Slow(), every=60) for name in NAMES}
    store.intake.introduce(dict.fromkeys(NAMES, "scripted"))
    for name in NAMES:
        posts = tuple(
            replace(mention(f"{name} {number}", author=f"{name}{number}"), account=name)
            for number in range(replies // len(NAMES))
        )
        store.intake.keep(name, None, Page(mentions=posts, cursor="1"), NOW)
        accounts[name].connector.say(*posts)  # type: ignore[attr-defined]
    triage(store, PlainPolicy(), TARGETS, NOW)
    draft(store, PlainPolicy(), accounts, NOW)
    apart = get_context("spawn")
    ready = apart.Event()
    person = apart.Process(target=_approve, args=(url, ready))
    person.start()
    if not ready.wait(60):
        raise RuntimeError("the person never came to approve")
    began = time.perf_counter()
    with ThreadPoolExecutor(len(NAMES)) as daemon:
        list(daemon.map(lambda account: _send(store, account, replies // len(NAMES)), accounts.values()))
    seconds = time.perf_counter() - began
    person.join()
    sent = store.views.figures(NOW, NOW).by_stage.get(Stage.ANSWERED, 0)
    store.close()
    if sent != replies:
        raise RuntimeError(f"{sent} of {replies} replies were sent")
    return round(replies / seconds, 1)


def _approve(url: str, ready: Event) -> None:
    store = Store(url)
    accounts = {name: Account(name=name, connector=Slow(), every=60) for name in NAMES}
    waiting = store.views.page(Stage.WAITING, limit=10_000)
    ready.set()
    for case in waiting:
        shown = store.casework.draft(case)
        if shown:
            approve(store, accounts[case.account], (case, shown), "sam", NOW)
    store.close()


def _send(store: Store, account: Account, replies: int) -> None:
    until = time.monotonic() + 2 * replies
    while len(account.connector.public) < replies and time.monotonic() < until:  # type: ignore[attr-defined]
        post(store, {account.name: account}, Mode.ON, NOW)
