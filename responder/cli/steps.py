"""Steps: poll, triage, draft and post, each run once, with a bar while they work."""

# ruff: noqa: D417 (the desk is no argument that people give)

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from responder.cli import failures
from responder.cli.desk import AtDesk
from responder.cli.known import Known, Typed, facts_of
from responder.cli.report import ReportSheet, StepDone
from responder.cli.screen import Tick
from responder.cli.words import many
from responder.letter import span
from responder.model.case import Stage
from responder.model.delivery import Delivery, DeliveryStage, Route
from responder.model.incident import IncidentStage
from responder.model.visible import one_line
from responder.steps.report import Report

if TYPE_CHECKING:
    from responder.cli.desk import Desk
    from responder.connector import Account


def poll(*accounts: str, desk: AtDesk) -> int:
    """Read new posts and turn them into cases, triaged and drafted.

    Args:
        accounts: Only these accounts; all of the config if none is named.
    """
    return _end(desk, [_show(desk, one) for one in street(desk, _chosen(desk, accounts))], _waits(desk))


def street(desk: "Desk", accounts: "Iterable[Account]") -> Iterator[StepDone]:
    """Read these accounts, weigh and draft, step by step."""
    for one in accounts:
        yield StepDone("poll", _poll(desk, one), one.name)
    yield StepDone("triage", _triage(desk))
    yield StepDone("draft", _draft(desk))
    gathered = _gather(desk)
    if gathered.done or gathered.problems:
        yield StepDone("gather", gathered)


def weigh_new_cases(desk: "Desk") -> int:
    """Weigh what is new, and say what to do next."""
    return _end(desk, [_show(desk, StepDone("triage", _triage(desk)))], "Next: responder draft")


def draft(*, typed: Typed | None = None, known: Known | None = None, desk: AtDesk) -> int:
    """Draft a reply for every case that needs one; or show what a post that you type in would get."""
    if typed and typed.preview:
        from responder.cli.preview import show_preview

        return show_preview(desk, typed, facts_of(known))
    if typed and typed.preview == "" and not known:
        raise failures.Trouble(failures.USAGE, "There is no post.", todo="Add its words: --preview POST")
    if typed or known:
        raise failures.Trouble(
            failures.USAGE, "These options are about a post that you type in.", todo="Add: --preview POST"
        )
    return _end(desk, [_show(desk, StepDone("draft", _draft(desk)))], _waits(desk))


def post(*, desk: AtDesk) -> int:
    """Send what was approved, where posting is on; look for what may be public."""
    from responder.steps.afterwards import plan_on
    from responder.steps.post import Mode
    from responder.steps.post import post as step
    from responder.steps.promise import promise

    app = desk.app
    outbox = _count(desk, Stage.APPROVED)
    report = step(desk.store, app.accounts, app.mode, desk.now(), terms=app.terms)
    report += promise(desk.store, app.policy, desk.now())
    plan_on(desk.store, app.course, desk.now())
    would = report.done.get("would send", 0) if app.mode is Mode.DRY_RUN else 0
    done = _show(desk, StepDone("post", report, notes=would))
    left = _count(desk, Stage.APPROVED)
    if app.mode is not Mode.ON:
        why = posting_off(desk, left)
    elif pause := desk.store.control.pausing():
        waits = many(left, "approved reply waits", "approved replies wait")
        why = f"Sending is paused {pause.whose}; {waits}. Go on: {pause.todo}"
    else:
        why = "" if outbox else "Nothing is approved. What waits for you: responder queue"
        if left:
            why = _held(desk)
            return _end(desk, [done], why) or failures.LATER
    return _end(desk, [done], why)


def _held(desk: "Desk") -> str:
    """Say why approved replies are not out yet, each reason once."""
    n = _count(desk, Stage.APPROVED)
    waits = many(n, "approved reply is not out yet", "approved replies are not out yet")
    told = {why: one for one in reversed(desk.store.views.held()) for why in [_why_held(desk, one)]}
    reasons = " ".join(f"c-{one.case_id} {why}" for why, one in told.items())
    return f"{waits}: {reasons or 'responder queue --stage approved'}"


def _why_held(desk: "Desk", one: Delivery) -> str:
    if one.stage is DeliveryStage.SENDING:
        return "was being sent by a process that did not report back; it is looked for within 2 minutes."
    if one.route is Route.BY_HAND:
        return f"waits for you to send it by hand: responder show c-{one.case_id}"
    if one.not_before <= desk.now():
        return "goes out with the next run."
    if not one.tries and not one.problem:
        left = span(one.not_before - desk.now(), up=True)
        return f"goes out in {left}; to take it back: responder withdraw c-{one.case_id}"
    again = one.not_before.astimezone(desk.settings.company.timezone)
    return f"is tried again at {again:%H:%M}{f' ({one_line(one.problem, 200)})' if one.problem else ''}."


def posting_off(desk: "Desk", waiting: int) -> str:
    """Say that nothing is sent, and how to change that."""
    mode, path = desk.settings.posting.mode, desk.settings.path
    where = f'mode = "on" under [posting] in {path}' if path else "RESPONDER_POSTING__MODE=on"
    stays = many(waiting, "approved reply stays", "approved replies stay")
    kept = f"{stays} in the outbox. " if waiting else ""
    return f"Posting is {mode}: nothing is sent. {kept}To turn it on: {where}"


def _chosen(desk: "Desk", names: tuple[str, ...]) -> "list[Account]":
    accounts = desk.app.accounts
    unknown = [name for name in names if name not in accounts]
    if unknown:
        raise failures.Trouble(
            failures.USAGE,
            f"There is no account {unknown[0]!r} in the config.",
            todo=f"There are: {', '.join(accounts) or 'none'}",
        )
    if not accounts:
        raise failures.Trouble(
            failures.USAGE,
            "No account is set up, so there is nothing to read.",
            f"The settings were read from {desk.settings.path or 'no file: the defaults hold'}.",
            "Add [[accounts]] to the config, or look at sample posts first: responder demo",
        )
    return [accounts[name] for name in names or accounts]


def _poll(desk: "Desk", account: "Account") -> Report:
    from responder.steps.poll import poll as step

    with desk.screen.progress(f"Reading {account.name}") as tick:

        def progress(heard: int, share: float | None) -> None:
            tick(share, many(heard, "post"))

        return step(desk.store, account, desk.now(), progress=progress)


def _triage(desk: "Desk") -> Report:
    from responder.steps.triage import triage as step

    policy = desk.app.policy
    with desk.screen.progress("Weighing") as tick:
        return step(desk.store, policy, desk.app.targets, desk.now(), stop=_ticking(desk, Stage.NEW, tick))


def _draft(desk: "Desk") -> Report:
    from responder.steps.draft import draft as step

    policy, accounts = desk.app.policy, desk.app.accounts
    with desk.screen.progress("Drafting") as tick:
        return step(desk.store, policy, accounts, desk.now(), stop=_ticking(desk, Stage.NEEDS_REPLY, tick))


def _gather(desk: "Desk") -> Report:
    """Propose what many complain about at once, and give the words of open incidents to who joined them."""
    from responder.steps.notice import notice
    from responder.steps.tell import tell_new

    report = notice(desk.store, desk.now())
    if not desk.store.incidents.listed((IncidentStage.OPEN,), limit=1):
        return report
    return report + tell_new(desk.store, desk.app.policy, desk.app.accounts, desk.now())


def _ticking(desk: "Desk", stage: Stage, tick: Tick) -> Callable[[], bool]:
    """Return a "shall I stop?" that says no, and on the way moves the bar by what is left in `stage`."""
    total = _count(desk, stage)

    def stop() -> bool:
        left = _count(desk, stage)
        tick(1 - left / total if total else None, f"{max(0, total - left):,} of {total:,}")
        return False

    return stop


def _count(desk: "Desk", stage: Stage) -> int:
    """Return how many cases are in a stage, from the kept figures."""
    now = desk.now()
    return desk.store.views.figures(now, now).by_stage.get(stage, 0)


def _waits(desk: "Desk") -> str:
    n = _count(desk, Stage.WAITING)
    waits = many(n, "draft waits", "drafts wait")
    return f"{waits} for you: responder queue" if n else "Nothing waits for you."


def _show(desk: "Desk", one: StepDone) -> StepDone:
    """Show a step at once where a person or a pipe reads along; JSON is one document, at the end."""
    if not desk.screen.manner.json:
        desk.screen.show(ReportSheet([one]))
    return one


def _end(desk: "Desk", done: list[StepDone], hint: str) -> int:
    """Show what is left to show, and return the exit code that the reports deserve."""
    if desk.screen.manner.json:
        desk.screen.show(ReportSheet(done))
    elif hint:
        desk.screen.note(hint)
    if any("refused" in one.report.done for one in done):
        return failures.FAILED
    # an approval that ended is told among the problems, and is how it should be
    if not any(one.problems and not _only_ended(one.report) for one in done):
        return failures.DONE
    used = {one.account for one in done if one.account} or set(desk.networks())
    stopped = any(one.stopped for one in desk.store.views.health() if one.name in used)
    return failures.CREDENTIALS if stopped else failures.LATER


def _only_ended(report: Report) -> bool:
    """Whether nothing went wrong but approvals that ended."""
    return "void" in report.done and set(report.done) <= {"void", "sent", "found"}
