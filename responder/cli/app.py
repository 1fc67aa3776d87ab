"""The app: which commands there are, what they share, and how a call ends."""

import os
import re
import shlex
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, CycloptsError, Group, Parameter, UnknownCommandError, UnusedCliTokensError

from responder.cli import failures
from responder.cli.filters import no_options
from responder.cli.options import Commands
from responder.cli.screen import Manner, Screen, Streams
from responder.model.visible import visible

if TYPE_CHECKING:
    from responder.cli.desk import Desk

#: What marks an option of every command.
_shared = partial(Parameter, group=Group("Options of every command", sort_key=9))
_HELP = """Finds public complaints, drafts a reply by your rules, and posts it once a person has approved it.

Nothing is posted without a person's yes, and posting is off until the config turns it on.
"""
#: Group -> command -> (where it is, what it does): no command is loaded before it is called.
COMMANDS: dict[str, dict[str, tuple[str, str]]] = {
    "Begin": {
        "demo": ("demo.story:demo", "Show one morning on sample posts: no account, no network."),
        "connect": ("connect:connect", "Set up an account on a network: its keys, and what it may do."),
        "doctor": ("doctor:doctor", "Look whether everything is well, and say what to do where it is not."),
        "config": ("config:app", "Check and show the settings."),
        "completion": ("completion:completion", "Print what makes your shell complete commands and ids."),
    },
    "Write": {
        "check": ("check:check", "Check a text against the rules, like a linter."),
        "rules": ("rules:app", "Check, list and explain the rules."),
        "advice": ("advice:advice", "Show the advice we were founded on, and what carries each piece out."),
    },
    "Look": {
        "queue": ("queue:queue", "List the drafts that wait for you, the most urgent first."),
        "views": ("views:views", "List your saved views, with how many cases each holds."),
        "show": ("show:show", "Show one case: what they said, why it is urgent, the draft."),
        "find": ("find:find", "Find the case whose code a customer says, and show it."),
        "people": ("people:people", "List who works here, and what each may do."),
        "search": (
            "search:search",
            "Find words in all that was ever said, answered, promised and written down.",
        ),
        "export": ("export:export", "Write one case as a document that a person can read and keep."),
        "remedies": ("remedies:remedies", "List what may be granted to put things right, and by whom."),
        "promises": ("promises:promises", "List what we promised and still owe, the soonest first."),
        "follow-ups": ("follow_ups:follow_ups", "List what is due after our answers, and in which words."),
        "debriefs": (
            "debriefs:debriefs",
            "List what grave and repeated cases taught us, and what is to change.",
        ),
        "log": ("log:log", "Tell the whole story of one case, from the journal."),
        "alerts": ("alerts:alerts", "List what somebody must know now, and say that you have seen it."),
        "digest": ("digest:digest", "Tell what is open, what is late and what happened."),
        "report": ("summary.command:report", "Tell what happened in some days, as a page, a table or text."),
        "stats": ("stats:stats", "Tell how fast customers are answered, and what came of it."),
        "budget": ("budget:budget", "Tell what calls cost, and what the month will come to."),
        "unread": ("reading:unread", "List what could not be read as a post."),
        "verify": ("reading:verify", "Count every case anew and compare with the kept figures."),
        "audit": ("audit:app", "Prove that nobody changed the journal, or print it."),
    },
    "Decide": {
        "review": ("review.command:review", "Go through what waits, card by card, with single keys."),
        "approve": ("approve:approve", "Approve exactly the words of a draft."),
        "edit": ("edit:edit", "Put your own words in place of a draft."),
        "redo": ("decide:redo", "Ask for another draft."),
        "dismiss": ("dismiss:dismiss", "Decide that a case needs no reply, or has one."),
        "withdraw": ("decide:withdraw", "Take an approval back before it is sent."),
        "reopen": ("decide:reopen", "Decide that a case that was set aside needs a reply."),
        "correct": ("correct:correct", "Tell triage where it was wrong about a case."),
        "settle": ("decide:settle", "Say whether a reply that nobody is sure of is public."),
    },
    "Work together": {
        "assign": ("tend:assign", "Give cases to a person or a team."),
        "escalate": ("tend:escalate", "Pass a case on to somebody, with what you ask of them."),
        "note": ("tend:note", "Write a note about a case for your colleagues; it is never sent."),
        "promise": ("promises:promise", "Say what became of a promise, or note one made elsewhere."),
        "follow-up": ("follow_ups:follow_up", "Show what is due after an answer, or say what became of it."),
        "fixed": ("follow_ups:fixed", "Say that the matter of a case is put right."),
        "debrief": (
            "debriefs:debrief",
            "Talk a closed case over: what happened, what changes, by whom and when.",
        ),
        "kit": (
            "kit:kit_command",
            "Print the call, the letter, the recap of a case: all that is said offline.",
        ),
        "worksheet": ("worksheet:worksheet", "Fill in what is known about a case before contact."),
        "remedy": ("remedies:remedy", "Grant a remedy to a customer, or say the second yes to one."),
        "snooze": ("snooze:snooze", "Put a case off: for a while, or until they answer."),
        "wake": ("snooze:wake", "Take up a case again that was put off."),
        "merge": ("matters:merge", "Say that cases are of one matter: one answer for all of them."),
        "split": ("matters:split", "Take a case apart from the one it was merged with."),
        "incident": (
            "incident:app",
            "Many complain of one thing: one cause, one statement, a reply for each.",
        ),
        "opt-out": ("silence:opt_out", "Note that an author asked not to be answered."),
    },
    "Run": {
        "poll": ("steps:poll", "Read new posts and turn them into cases, triaged and drafted."),
        "triage": ("triage:app", "Weigh new cases, or explain a post: is it a complaint, how urgent."),
        "draft": ("steps:draft", "Draft a reply for every case that needs one."),
        "post": ("steps:post", "Send what was approved, where posting is on."),
        "daemon": ("running:daemon", "Do all that again and again, and write the daily digest."),
        "status": ("status:status", "Tell what runs, when each ring is next, and who hears nothing."),
        "pause": ("running:pause", "Stop all sending at once."),
        "resume": ("running:resume", "Let sending go on."),
    },
}


#: What a person does to cases, one write each: it can be tried without being kept.
_TRIED = {*COMMANDS["Decide"], *COMMANDS["Work together"]} - {"review"}


def build() -> App:
    """Return the app with every command by name; none is imported."""
    from responder import __version__

    app = Commands(
        name="responder",
        help=_HELP,
        version=__version__,
        version_flags=["--version"],
        help_format="plaintext",
        help_on_error=False,
        default_parameter=Parameter(negative=(), show_default=False),
        result_action="return_value",
        group_commands=Group("Help", sort_key=8),
    )
    app.meta.suppress_keyboard_interrupt = False  # run says what Ctrl-C means
    for place, (title, commands) in enumerate(COMMANDS.items()):
        group = Group(title, sort_key=place)
        for at, (name, (where, does)) in enumerate(commands.items()):
            app.command(f"responder.cli.{where}", name=name, help=does, group=group, sort_key=at)
    return app


def run(
    tokens: Sequence[str], streams: Streams | None = None, clock: Callable[[], datetime] | None = None
) -> int:
    """Run one command line and return its exit code; nothing is raised."""
    streams = streams or Streams(sys.stdout, sys.stderr, sys.stdin, os.environ)
    call = _Call(streams, clock, screen=Screen(streams, Manner(json="--json" in tokens)))
    try:
        return call.run(list(tokens))
    except KeyboardInterrupt:
        streams.err.write("\nStopped. What was stored before stays; the same command goes on from there.\n")
        return failures.INTERRUPTED
    except BrokenPipeError:
        return failures.PIPE_CLOSED
    except SystemExit as end:  # cyclopts ends so where it has shown help
        return end.code if isinstance(end.code, int) else failures.FAILED
    except Exception as error:  # noqa: BLE001 (the last place: what comes here is told, never lost)
        if call.debug:
            streams.err.write(visible(traceback.format_exc()))
        failure = _usage(error) if isinstance(error, CycloptsError) else failures.told(error, call.doing)
        call.screen.fail(failure)
        return failure.code
    finally:
        call.close()


class _Call:
    """One command line being run."""

    def __init__(self, streams: Streams, clock: Callable[[], datetime] | None, screen: Screen) -> None:
        self.debug = False
        #: The command and what it was given, without the options of every command.
        self.doing = "responder"
        self.screen = screen
        self._streams = streams
        self._clock = clock
        self._desk: Desk | None = None
        self._app = build()
        self._app.meta.default(self._launch)

    def run(self, tokens: list[str]) -> int:
        """Parse and run; what is wrong with the tokens is raised as CycloptsError."""
        if tokens[:1] == ["__complete"]:  # a shell asks, by what `responder completion` printed
            from responder.cli.completion import CONFIG, config_in

            CONFIG.set(config_in(tokens[1:]))
        code = self._app.meta(
            no_options(tokens), exit_on_error=False, print_error=False, result_action="return_value"
        )
        return code if isinstance(code, int) else failures.DONE

    def close(self) -> None:
        """Give back what the command opened."""
        if self._desk:
            self._desk.close()

    def _launch(  # noqa: D417, PLR0913 (one for each option; the tokens are the command's)
        self,
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        config: Annotated[Path | None, _shared(metavar="FILE")] = None,
        json: Annotated[bool, _shared()] = False,
        plain: Annotated[bool, _shared()] = False,
        no_color: Annotated[bool, _shared()] = False,
        quiet: Annotated[bool, _shared(name=["--quiet", "-q"])] = False,
        user: Annotated[str, _shared(name="--as", metavar="NAME")] = "",
        yes: Annotated[bool, _shared(name=["--yes", "-y"])] = False,
        dry_run: Annotated[bool, _shared()] = False,
        debug: Annotated[bool, _shared()] = False,
    ) -> Any:
        """Run a command at a desk.

        Args:
            config: Read the settings from this file.
            json: Print JSON, as docs/json.md describes it; errors too.
            plain: Print as into a pipe: tab-separated, no colour, no bars.
            no_color: Print without colour; the environment variable NO_COLOR does the same.
            quiet: Print no confirmations and no bars.
            user: Who decides; the login name if it is left out.
            yes: Ask nothing: the options say it all, and an approval names its --draft.
            dry_run: Tell what a deed on cases would do, and change nothing.
            debug: Show where in the program an error came from.
        """
        self.debug = debug
        self.doing = " ".join(["responder", *tokens])
        manner = Manner(
            json=json,
            plain=plain,
            color=not no_color,
            quiet=quiet,
            asking=not yes,
            rehearsed=dry_run,
            exact=exact(config),
        )
        self.screen = Screen(self._streams, manner)
        command, bound, extra = self._app.parse_args(tokens, exit_on_error=False, print_error=False)
        if dry_run and "".join(tokens[:1]) not in _TRIED:
            what = f"{self.doing} has no dry run."
            raise failures.Trouble(failures.USAGE, what, todo=f"These have: {', '.join(sorted(_TRIED))}.")
        if "desk" not in extra:
            return command(*bound.args, **bound.kwargs)
        from responder.cli.desk import Desk

        self._desk = Desk(screen=self.screen, config=config, named=user, clock=self._clock)
        return command(*bound.args, **bound.kwargs, desk=self._desk)


def exact(config: Path | None) -> Callable[[str], str]:
    """Return what makes every `responder ...` in our words one that reads this config."""
    if config is None:
        return str
    names = "|".join(name for group in COMMANDS.values() for name in group if name != "demo")
    call = f"responder --config {shlex.quote(str(config))} "
    return partial(re.compile(rf"\bresponder (?={names}|--(?!config ))").sub, lambda _: call)


def _usage(error: CycloptsError) -> failures.Failure:
    """Return our words for a command line that cannot be understood."""
    error.verbose = False
    left = error.unused_tokens or [""]
    if isinstance(error, UnknownCommandError) and error.app:  # its own words would load every command
        near = get_close_matches(left[0], list(error.app), n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        what = f"There is no command {left[0]!r}.{hint}"
    elif isinstance(error, UnusedCliTokensError):
        what = f"There is no place for: {' '.join(left)}"
    else:
        what = str(error)
    chain = " ".join(["responder", *(error.command_chain or ())])
    return failures.Failure(code=failures.USAGE, what=what, todo=f"How it is used: {chain} --help")
