"""The kinds of reports: a file for each, and what they share (`kind`, `counting_returns`).

A kind is a member of `ReportKind`, a file here that makes a `KIND`, and its name in this list.
"""

from __future__ import annotations

from reports.kinds import (
    drives,
    filing,
    markets,
    occupancy,
    output,
    policies,
    projects,
    requests,
    services,
    targets,
    text,
    workforce,
)
from reports.kinds.kind import Kind

__all__ = ["KINDS", "Kind"]

# In the order of their forms; the text comes last
KINDS: dict[str, Kind] = {
    module.KIND.code: module.KIND
    for module in (
        *(occupancy, output, services, markets, workforce),
        *(projects, policies, drives, requests, targets, filing, text),
    )
}
