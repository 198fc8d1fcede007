"""The database and the queue of one run: embedded ones, or those that the environment names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import homes, watch
from launcher.console import step
from launcher.postgres import DURABLE, Postgres
from launcher.processes import Processes
from launcher.redis import Redis

NAMES = ("DATABASE_URL", "REDIS_URL")


@dataclass(frozen=True)
class Servers:
    """Where they answer (DATABASE_URL and REDIS_URL), and those of them that are ours to keep."""

    addresses: dict[str, str]
    services: list[watch.Service]


def start(
    processes: Processes,
    home: Path,
    settings: Mapping[str, str] = DURABLE,
    given: Mapping[str, str] | None = None,
) -> Servers:
    """Start the embedded servers, except where real ones are given.

    While they run, endpoints.json in the data folder tells `manage.py` in another shell where.
    """
    addresses = {name: given[name] for name in NAMES if given and given.get(name)}
    services = []
    if "DATABASE_URL" not in addresses:
        postgres = Postgres(home, settings)
        with step("PostgreSQL"):
            services.append(watch.start(processes, postgres.start))
        addresses["DATABASE_URL"] = postgres.url
    if "REDIS_URL" not in addresses:
        redis = Redis(home)
        with step("Redis"):
            services.append(watch.start(processes, redis.start))
        addresses["REDIS_URL"] = redis.url
    endpoints = home / "endpoints.json"
    processes.remove_at_end(endpoints)
    homes.write_private(endpoints, json.dumps(addresses))
    return Servers(addresses, services)
