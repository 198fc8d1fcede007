import os
import time

import pytest

from reports.assembly import assemble
from reports.models import ReportKind
from reports.services.snapshots import read
from tests.reports import test_returns_on_paper as T
from tests.reports.returns_on_paper import Sheet
from tests.undone import undone

pytestmark = pytest.mark.django_db


def test_probe():
    for seed, count in eval(os.environ.get("PROBE", "[(7,14)]")):
        with undone():
            t = time.time()
            sheet = Sheet(T.populate(seed, count).books, T.MONTH)
            print("populated", seed, count, time.time() - t)
            for kind in ReportKind:
                if kind == ReportKind.OCCUPANCY:
                    continue
                t = time.time()
                content = assemble(kind, T.MONTH, read(kind, T.MONTH).facts)
                t2 = time.time()
                tables = {x["code"]: x for x in content["tables"]}

                def tryit(f, *a):
                    try:
                        return f(*a)
                    except Exception as e:
                        print("FAIL", seed, kind, f.__name__, str(e)[:1500])

                for table in tables.values():
                    tryit(T.check_whole, sheet, table)
                for group, codes in T.GROUPS.items():
                    if codes[0] in tables:
                        hidden = tryit(T.check_public, sheet, tables, codes)
                        print(
                            kind,
                            group,
                            "hidden",
                            hidden and len(hidden),
                            [len(tables[c]["public"]) for c in codes],
                            [len(tables[c]["rows"]) for c in codes],
                        )
                        if group in T.GROUPS_OF_MARKETS and hidden is not None:
                            tryit(
                                T.check_groups_of_markets,
                                sheet,
                                tables,
                                T.GROUPS_OF_MARKETS[group],
                                codes,
                                hidden,
                            )
                            print(
                                "groups",
                                [len(tables[c]["public"]) for c in T.GROUPS_OF_MARKETS[group]],
                            )
                for code in {*T.TOTAL_ONLY} & tables.keys():
                    tryit(T.check_total_only, sheet, tables[code])
                print(kind, "assembled", t2 - t, "checked", time.time() - t2)
