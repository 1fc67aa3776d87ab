"""Options: cyclopts' App, which here makes what a command may be given once, and not nine times a call."""

from copy import copy
from typing import TYPE_CHECKING

from cyclopts import App, ArgumentCollection

if TYPE_CHECKING:
    from cyclopts import Parameter


class Commands(App):
    """The app of commands; making the same arguments again and again took a third of a short call."""

    def assemble_argument_collection(
        self, *, default_parameter: "Parameter | None" = None, parse_docstring: bool = False
    ) -> ArgumentCollection:
        """Return the arguments of this app, none of them given yet."""
        # what holds for them depends on the apps around; each call of ours has apps of its own
        around = tuple(dict.fromkeys(id(one) for frame in self.app_stack.stack for one in frame))
        known: dict[object, ArgumentCollection] = self.__dict__.setdefault("known", {})
        key = parse_docstring, around
        if default_parameter is not None or key not in known:
            made = super().assemble_argument_collection(
                default_parameter=default_parameter, parse_docstring=parse_docstring
            )
            if default_parameter is not None or any(one.children for one in made):
                return made
            known[key] = made
        arguments = copy(known[key])
        for place, one in enumerate(arguments):
            arguments[place] = copy(one)
            arguments[place].tokens = []
        return arguments
