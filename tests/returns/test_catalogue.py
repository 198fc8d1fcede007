"""The lists of codes: whole, in both languages, and of the version that counts in a month."""

import shutil
from datetime import date

import pytest
import yaml
from django.utils import translation

from returns import catalogue
from returns.figures import BREAKDOWNS, FIGURES
from tenants.models import BusinessClass

NOW, BEFORE = date(2024, 1, 1), date(2023, 12, 1)
LISTS = [catalogue.service_classes, catalogue.markets, catalogue.currencies]


def forget():
    for built in LISTS:
        built.cache_clear()
    catalogue._versions.cache_clear()


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The files of the lists, which the test may write on."""
    shutil.copytree(catalogue.DATA, tmp_path / "data")
    monkeypatch.setattr(catalogue, "DATA", tmp_path / "data")
    forget()
    yield tmp_path / "data"
    forget()


def add_version(path, **version):
    with path.open("a", encoding="utf-8") as file:
        file.write("\n---\n" + yaml.safe_dump(version, allow_unicode=True))


class TestVersions:
    def test_a_new_one_counts_from_its_month_and_changes_no_month_before(self, data):
        before = catalogue.service_classes(BEFORE)
        add_version(
            data / "service_classes.yaml",
            version="2024b",
            valid_from="2024-01",
            source="新制度",
            classes=[
                {"code": "ITO", "zh": "信息技术外包", "en": "IT"},
                {"code": "ITO-9", "zh": "量子计算", "en": "Quantum computing"},
            ],
            usual={"other": "ITO-9"},
        )
        forget()

        assert catalogue.service_classes(BEFORE) == before
        assert catalogue.versions_of(BEFORE) == "2024/2024/2006/2024"
        now = catalogue.service_classes(NOW)
        assert [entry.code for entry in now.leaves] == ["ITO-9"]
        assert now.usual == {"other": "ITO-9"}
        assert not now.is_leaf("BPO-2-3")
        assert catalogue.versions_of(NOW) == "2024b/2024/2006/2024"
        assert catalogue.versions_of(date(2031, 5, 1)) == "2024b/2024/2006/2024"

    def test_a_month_before_every_version_has_the_first(self):
        assert catalogue.service_classes(date(1950, 1, 1)) == catalogue.service_classes(NOW)
        assert catalogue.versions_of(date(1, 1, 1)) == "2024/2024/2006/2024"

    def test_a_version_without_a_month_is_a_mistake_that_is_found(self, data):
        add_version(data / "currencies.yaml", version="x", valid_from="2024", currencies=[])
        forget()

        with pytest.raises(ValueError, match=r"currencies.yaml: 2024 is no month"):
            catalogue.currencies(NOW)

    def test_what_a_version_does_not_know_is_shown_by_its_code(self):
        assert catalogue.service_classes(NOW).name("BPO-2-99") == "BPO-2-99"


class TestLists:
    @pytest.mark.parametrize("listed", LISTS)
    def test_every_entry_has_a_code_of_its_own_and_both_names(self, listed):
        entries = list(listed(NOW))
        assert len({entry.code for entry in entries}) == len(entries) > 10
        for language, attribute in (("zh-hans", "zh"), ("en", "en")):
            with translation.override(language):
                names = [entry.name for entry in entries]
            assert names == [getattr(entry, attribute) for entry in entries]
            assert len(set(names)) == len(names)
            assert all(name.strip() == name != "" for name in names)

    def test_every_class_hangs_on_one_of_the_three_and_every_leaf_is_reached(self):
        tree = catalogue.service_classes(NOW)
        reached, open_ends = set(), list(catalogue.ROOT_CLASSES)
        while open_ends:
            code = open_ends.pop()
            reached.add(code)
            open_ends += [entry.code for entry in tree if entry.parent == code]
        assert reached == set(tree.entries)
        assert {entry.level for entry in tree.leaves} == {2, 3}
        for leaf in tree.leaves:
            assert tree.is_leaf(leaf.code)
            above = catalogue.ancestors(leaf.code)
            assert above[-1] == leaf.code
            assert above[0] in catalogue.ROOT_CLASSES
            assert not any(tree.is_leaf(code) for code in above[:-1])

    def test_the_tree_is_in_order(self):
        """A class stands below the one that holds it."""
        seen: set[str] = set()
        for entry in catalogue.service_classes(NOW):
            assert entry.parent == "" or entry.parent in seen
            seen.add(entry.code)

    def test_usual_classes_are_leaves_of_businesses_that_exist(self):
        tree = catalogue.service_classes(NOW)
        assert set(tree.usual) <= set(BusinessClass.values)
        assert all(tree.is_leaf(code) for code in tree.usual.values())

    def test_regions_are_outside_the_mainland_with_hong_kong_macao_and_taiwan(self):
        regions = catalogue.markets(NOW)
        assert "CHN" not in regions
        assert {"HKG", "MAC", "TWN", "USA", "JPN"} <= set(regions.entries)
        assert all(len(entry.code) == 3 and entry.code.isupper() for entry in regions)
        for code in ("HKG", "MAC", "TWN"):
            assert regions[code].zh.startswith("中国")
            assert regions[code].en.endswith(", China")

    def test_groups_overlap_and_hold_who_is_of_them(self):
        regions = catalogue.markets(NOW)
        members = {
            group: {entry.code for entry in regions if group in entry.groups}
            for group in ("EU", "RCEP")
        }
        assert len(members["EU"]) == 27
        assert {"DEU", "FRA", "POL"} <= members["EU"]
        # RCEP has fifteen members; China itself is none of these markets
        assert len(members["RCEP"]) == 14
        assert {"JPN", "KOR", "SGP", "AUS", "NZL"} <= members["RCEP"]
        assert "GBR" not in members["EU"]

    def test_levels_of_education_are_the_figures_of_the_breakdown(self):
        levels = catalogue.education_levels(NOW)
        assert [level["figure"] for level in levels] == list(BREAKDOWNS["education"])
        assert all(level["figure"] in FIGURES for level in levels)
        assert [level["figure"] for level in levels if level["college"]] == [
            *("postgraduate", "bachelor", "junior_college"),
        ]
        codes = [code for level in levels for code in level["codes"]]
        assert sorted(codes) == ["10", "20", "30", "40", "60", "70", "80", "90"]
