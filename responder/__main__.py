"""The command `responder`, also as `python -m responder`."""

import os
import sys
from io import TextIOWrapper


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        from responder.cli.app import run
        from responder.cli.failures import PIPE_CLOSED
    except KeyboardInterrupt:  # pressed while Python still reads the program
        return 130
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = PIPE_CLOSED
    if code == PIPE_CLOSED:  # nobody reads: what is left in the buffer must not be tried again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


if __name__ == "__main__":
    sys.exit(main())
