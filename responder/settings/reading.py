"""Reading: a TOML file and the environment -> Settings, or every problem with them at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from responder.letter.languages import languages
from responder.model.people import folded
from responder.model.visible import one_line
from responder.policy.complaint_rules import complaint_rules
from responder.settings import source
from responder.settings.environment import Override, overrides
from responder.settings.kinds import quoted
from responder.settings.offline import refused_contacts
from responder.settings.people import refused_together
from responder.settings.problems import Keys, Problem, SettingsError, dotted
from responder.settings.response import refused_times
from responder.settings.secret import Secrets, misplaced
from responder.settings.sections import LISTS, Sections, Settings
from responder.settings.telling import refused_letters
from responder.settings.wording import UNKNOWN_KEY, closest, keys_of, words

#: How pydantic ends the way to a key that is wrong itself.
_IN_KEY = "[key]"


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong under some keys, before it is known where they were set."""

    keys: Keys
    says: str
    #: The key itself is wrong, not its value.
    at_key: bool = False


def find(
    explicit: Path | None, environ: Mapping[str, str], cwd: Path, *, system: Path = Path("/etc/responder")
) -> Path | None:
    """Return the file to read, or None when there is none and the defaults hold.

    In this order: `explicit` (--config), $RESPONDER_CONFIG, config/responder.toml under `cwd`,
    responder/responder.toml under $XDG_CONFIG_HOME (~/.config), responder.toml under `system`.
    Raises SettingsError when one of the first two is named and is not there.
    """
    named = (explicit, "--config") if explicit else (environ.get("RESPONDER_CONFIG"), "RESPONDER_CONFIG")
    if named[0]:
        path = cwd / named[0]
        if not _exists(path):
            raise SettingsError(
                [Problem(one_line(str(path)), "", f"there is no such file; {named[1]} names it")]
            )
        return path
    places = [cwd / "config" / "responder.toml", *_personal(environ), system / "responder.toml"]
    return next((path for path in places if _exists(path)), None)


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Return the settings of `path` (None: the defaults) with those of `environ` laid over them.

    Raises SettingsError with every problem in both; it never shows a secret. A folder that is not
    absolute counts from where the program is started.
    """
    file = source.read(path)
    over, unknown = overrides(environ)
    sections, faults = _validated(_merged(file.table, over))
    faults.extend(_own_checks(file.table))
    if sections:
        faults.extend(_Fault(*wrong) for wrong in refused_together(sections.people, sections.approval))
        letters = refused_letters(sections.recipients, sections.mail, languages())
        faults.extend(_Fault(*wrong) for wrong in letters)
        contacts = refused_contacts(sections.contacts, {one.name for one in sections.accounts})
        faults.extend(_Fault(*wrong) for wrong in contacts)
        times = refused_times(
            sections.response, {one.connector for one in sections.accounts}, complaint_rules()
        )
        faults.extend(_Fault(*wrong) for wrong in times)
    problems = [file.problem] if file.problem else []
    problems += [*_placed(faults, file, over), *unknown]
    if problems or sections is None:
        raise SettingsError(problems)
    return Settings(
        **{section.name: getattr(sections, section.name) for section in fields(Sections)},
        secret=Secrets(sections.secrets.folder, environ),
        path=path,
        origins=dict(_origins(file, over)),
    )


def refused(settings: Settings, account: str, says: str, key: str = "options") -> SettingsError:
    """Return the error for an account that its connector refuses: at the `key` of its table in the file.

    Each line of `says` is one problem; under "options", a line "page: must be..." stands at that option.
    """
    number = next(at for at, known in enumerate(settings.accounts) if known.name == account)
    faults = []
    for line in says.splitlines():
        option, mark, rest = line.partition(": ")
        deeper = tuple(option.split(".")) if mark and key == "options" and " " not in option else ()
        faults.append(_Fault(("accounts", number, key, *deeper), one_line(rest if deeper else line)))
    return SettingsError(_placed(faults, source.read(settings.path), {}))


def refused_remedies(settings: Settings, wrong: Iterable[tuple[int, str, str]]) -> SettingsError:
    """Return the error for remedies that do not fit the catalogue: place in the list, key, what to do."""
    faults = [_Fault(("remedies", place, key), says) for place, key, says in wrong]
    return SettingsError(_placed(faults, source.read(settings.path), {}))


def _exists(path: Path) -> bool:
    """Whether something is there; what cannot be looked at is, and reading it says what is wrong."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _personal(environ: Mapping[str, str]) -> Iterator[Path]:
    folder = environ.get("XDG_CONFIG_HOME", "")
    if folder.startswith("/"):
        yield Path(folder) / "responder" / "responder.toml"
    elif environ.get("HOME"):
        yield Path(environ["HOME"]) / ".config" / "responder" / "responder.toml"


def _merged(table: Mapping[str, Any], over: Mapping[Keys, Override]) -> dict[str, Any]:
    """Return the file's table with the environment laid over it; a section that is none stays as it is."""
    merged = dict(table)
    for (section, key), override in over.items():
        below = merged.get(str(section), {})
        if isinstance(below, dict):
            merged[str(section)] = {**below, str(key): override.value}
    return merged


@cache
def _reader() -> Any:
    """Return what makes Sections of a table; pydantic takes a tenth of a second to come up."""
    from pydantic import TypeAdapter

    return TypeAdapter(Sections)


def _validated(table: dict[str, Any]) -> tuple[Sections | None, list[_Fault]]:
    from pydantic import ValidationError

    try:
        return _reader().validate_python(table), []
    except ValidationError as error:
        # Nothing is raised from here: pydantic's own error holds the values, and so perhaps a password
        found = error.errors(include_url=False)
    unknown = {item["loc"] for item in found if item["type"] == UNKNOWN_KEY}
    return None, [
        _Fault(
            item["loc"][:-1] if item["loc"][-1] == _IN_KEY else item["loc"],
            words(item["type"], item["loc"], item["input"], item.get("ctx", {})),
            at_key=item["type"] == UNKNOWN_KEY or item["loc"][-1] == _IN_KEY,
        )
        for item in found
        if item["type"] != "missing" or not _misspelt(item["loc"], unknown)
    ]


def _misspelt(missing: Keys, unknown: set[Keys]) -> bool:
    """Whether one of the `unknown` keys beside it was meant to be the missing one."""
    beside = [str(keys[-1]) for keys in unknown if keys[:-1] == missing[:-1]]
    return any(closest(name, keys_of(str(missing[0]))) == missing[-1] for name in beside)


def _own_checks(table: Mapping[str, Any]) -> Iterator[_Fault]:
    """Yield what only the file as a whole can show: two of one name in a list, and secrets in options."""
    for section in LISTS:
        tables = list(_tables(table, section))
        yield from _twice_named(section, tables)
        for place, one in tables:
            name = one.get("name")
            shown = name if isinstance(name, str) and len(name) <= 32 else f"<{LISTS[section].one}>"
            for keys, says in misplaced(one.get("options"), shown):
                yield _Fault((section, place, "options", *keys), says, at_key=True)


def _tables(table: Mapping[str, Any], section: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the tables of a list with their places, as far as they are tables."""
    listed = table.get(section)
    for place, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict):
            yield place, one


def _twice_named(section: str, tables: list[tuple[int, dict[str, Any]]]) -> Iterator[_Fault]:
    first: dict[str, int] = {}
    for place, one in tables:
        name = one.get("name")
        if not isinstance(name, str):
            continue
        known = first.setdefault(folded(" ".join(name.split())), place)
        if known != place:
            says = f"{quoted(name)} is already the name of {section}.{known + 1}; choose another"
            yield _Fault((section, place, "name"), says)


def _placed(faults: list[_Fault], file: source.Source, over: Mapping[Keys, Override]) -> list[Problem]:
    """Return the faults with their places: first those in the file from its top, then the environment's."""
    set_outside = [(fault, _variable(fault.keys, file, over)) for fault in faults]
    inside = [fault for fault, variable in set_outside if not variable]
    places = file.places([(fault.keys, fault.at_key) for fault in inside]) if inside else []
    in_order = sorted(zip(places, inside, strict=True), key=lambda placed: placed[0])
    problems = [
        Problem(f"{file.name}:{line}:{column}", dotted(fault.keys), fault.says)
        for (line, column), fault in in_order
    ]
    return problems + [
        Problem("environment", variable, fault.says) for fault, variable in set_outside if variable
    ]


def _variable(keys: Keys, file: source.Source, over: Mapping[Keys, Override]) -> str:
    """Return the variable that set what stands under `keys`, or "" when the file did."""
    if keys[:2] in over:
        return over[keys[:2]].variable
    # A rule about a whole section: what was last laid over it is the likely culprit
    if len(keys) == 1 and isinstance(file.table.get(str(keys[0]), {}), dict):
        return next((override.variable for where, override in over.items() if where[0] == keys[0]), "")
    return ""


def _origins(file: source.Source, over: Mapping[Keys, Override]) -> Iterator[tuple[str, str]]:
    for section, table in file.table.items():
        for place, keyed in enumerate(table) if isinstance(table, list) else [(None, table)]:
            above: Keys = (section,) if place is None else (section, place)
            yield from ((dotted((*above, key)), file.name) for key in keyed)
    yield from ((dotted(keys), override.variable) for keys, override in over.items())
