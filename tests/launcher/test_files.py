"""What a bare clone is missing, and what is left alone because it is there already."""

import os
from pathlib import Path

import pytest

from launcher import environment, frontend, run, translations
from launcher.processes import ROOT


class TestVariables:
    def test_leaves_out_what_was_meant_for_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PGSSLMODE", "PGSERVICE"):
            monkeypatch.setenv(name, "1")

        variables = environment.variables(XIYUAN_HOME="home")

        assert not {name for name in variables if name.startswith(("PG", "PYTHONPATH", "PYTHOND"))}
        assert variables["XIYUAN_HOME"] == "home"
        assert variables["PYTHONUTF8"] == "1"

    def test_keeps_libpq_settings_for_a_database_of_the_callers(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgres://db.example/xiyuan")
        monkeypatch.setenv("PGSSLMODE", "verify-full")

        assert environment.variables()["PGSSLMODE"] == "verify-full"


class TestLocks:
    def test_run_and_development_agree_on_every_package(self) -> None:
        def pins(name: str) -> set[str]:
            lines = (ROOT / name).read_text().splitlines()
            return {line.split()[0] for line in lines if "==" in line and line[0].isalnum()}

        assert pins(environment.RUN) <= pins(environment.DEVELOPMENT)

    def test_name_no_registry(self) -> None:
        for name in ("package-lock.json", "requirements.txt", "requirements-dev.txt"):
            text = (ROOT / name).read_text()
            assert "resolved" not in text
            assert "--index-url" not in text


class TestFrontEnd:
    @pytest.mark.parametrize(
        "comment", ["//# sourceMappingURL=a.js.map", "/*# sourceMappingURL=a.css.map */\n"]
    )
    def test_source_maps_are_not_asked_for(self, comment: str) -> None:
        assert frontend.SOURCE_MAP.sub(b"", f"code();\n{comment}".encode()) == b"code();\n"

    def test_every_file_is_there_and_asks_for_no_map(self) -> None:
        for name, folder in frontend.FILES.items():
            content = (folder / Path(name).name).read_bytes()
            assert content
            assert folder != frontend.STATIC or b"sourceMappingURL" not in content

    def test_an_old_node_is_not_used(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("node", "npm"):
            (tmp_path / name).write_text("#!/bin/sh\necho v16.20.2\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

        assert frontend._npm_of_system() is None


class TestTranslations:
    def test_only_what_is_newer_than_its_compiled_form_is_compiled(self, tmp_path: Path) -> None:
        for name, age in (("new", None), ("older", 50), ("younger", 150)):
            folder = tmp_path / name / "LC_MESSAGES"
            folder.mkdir(parents=True)
            (folder / "django.po").touch()
            os.utime(folder / "django.po", (100, 100))
            if age:
                (folder / "django.mo").touch()
                os.utime(folder / "django.mo", (age, age))

        changed = translations.changed(tmp_path)

        assert [path.parent.parent.name for path in changed] == ["new", "older"]


class TestStaticFiles:
    def test_are_collected_again_when_ours_change_not_when_collected_ones_do(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run, "ROOT", tmp_path)
        for name in ("requirements.txt", "web/__init__.py", "web/static/page.js", "var/static/a"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("before")
        before = run._static_hash()

        (tmp_path / "var/static/a").write_text("collected")
        assert run._static_hash() == before

        (tmp_path / "web/static/page.js").write_text("changed")
        assert run._static_hash() != before
