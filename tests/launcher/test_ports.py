"""The port that was asked for: a number, and nobody's."""

import socket

import pytest

from launcher import ports
from launcher.console import LaunchError


class TestChosen:
    @pytest.mark.parametrize("text", ["eight", "0", "-1", "65536", "80.5"])
    def test_refuses_what_is_no_port(self, text: str) -> None:
        with pytest.raises(LaunchError, match="PORT must be a number"):
            ports.chosen(text)

    @pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
    def test_refuses_a_port_that_is_taken(self, address: str) -> None:
        with socket.create_server((address, 0), reuse_port=True) as other:
            port = other.getsockname()[1]

            with pytest.raises(LaunchError, match=f"Port {port} is taken"):
                ports.chosen(str(port))

    def test_takes_a_free_one(self) -> None:
        free = ports.free_port()

        assert ports.chosen(str(free)) == free
