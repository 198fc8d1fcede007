"""Ports of this machine."""

import socket

from launcher.console import LaunchError

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server((LOOPBACK, 0)) as server:
        port: int = server.getsockname()[1]
        return port


def chosen(text: str | None) -> int:
    """The port that was asked for (default 8000), if it is one and nobody has it."""
    try:
        port = int(text or 8000)
        if not 0 < port < 65536:
            raise ValueError
    except ValueError:
        raise LaunchError(f"PORT must be a number from 1 to 65535, not {text!r}.") from None
    try:
        # Refused when anybody listens there: the web server itself would share the port silently.
        socket.create_server((LOOPBACK, port)).close()
    except PermissionError:
        raise LaunchError(f"Port {port} needs root. Try PORT=8080 make run.") from None
    except OSError:
        raise LaunchError(
            f"Port {port} is taken by another program. Try PORT={port % 65535 + 1} make run."
        ) from None
    return port
