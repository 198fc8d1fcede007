"""Settings of the measurement: the real ones, in a database of its own."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES, LOGGING

DATABASES["default"]["TEST"] = {"NAME": "xiyuan_bench"}
# Sixteen threads at once: in production they are those of several processes.
DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = 20
LOGGING["root"]["level"] = "WARNING"  # type: ignore[index]
