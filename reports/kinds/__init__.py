"""The kinds of reports: a file for each, and what they share (`kind`, `filing`).

A kind is a member of `ReportKind`, a file here that makes a `KIND`, and its name in this list.
"""

from __future__ import annotations

from reports.kinds import markets, occupancy, output, services, workforce
from reports.kinds.kind import Kind

__all__ = ["KINDS", "Kind"]

# In the order of their forms
KINDS: dict[str, Kind] = {
    module.KIND.code: module.KIND for module in (occupancy, output, services, markets, workforce)
}
