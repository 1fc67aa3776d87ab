"""Browsing: opening an address where there is a browser with a window of its own."""

import sys
from collections.abc import Mapping


def browse(url: str, environ: Mapping[str, str]) -> bool:
    """Open `url` and return True; False where only a browser inside this terminal could be meant."""
    windows = bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    here = not environ.get("SSH_CONNECTION") and (windows or sys.platform in {"darwin", "win32"})
    if not here:
        return False
    import webbrowser

    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False
