"""What is printed once everything runs: the address and who may sign in."""

import shlex

from launcher.processes import ROOT

PEOPLE = (
    ("admin", "系统管理员", "system administrator"),
    ("operator", "园区运营经理", "operator manager"),
    ("promotion", "招商专员", "promotion officer"),
    ("enterprise", "企业管理员", "enterprise manager"),
    ("official", "政府工作人员", "official"),
    ("auditor", "审计员", "auditor"),
)
DOMAIN = "xiyuan.example"
USUAL_PORT = 8000
USUAL_HOME = str(ROOT / "var")


def text(port: int, environ: dict[str, str]) -> str:
    """The address, how to sign in (sample logins, or the first of one's own), and how to stop."""
    lines = ["", f"  打开 Open      http://127.0.0.1:{port}/"]
    if environ["XIYUAN_SAMPLE"] == "1":
        lines.append("  登录 Sign in")
        lines += [
            f"    {f'{name}@{DOMAIN}':<28}{english:<22}{chinese}"
            for name, chinese, english in PEOPLE
        ]
        lines.append(f"  密码 Password  {environ['XIYUAN_SAMPLE_PASSWORD']}")
    else:
        lines.append("  第一个人 First person, in another shell 在另一个终端输入")
        lines.append(f"    {_first_person(port, environ)}")
    lines.append("  停止 Stop      Ctrl-C\n")
    return "\n".join(lines)


def _first_person(port: int, environ: dict[str, str]) -> str:
    """What to type for a link to the first password, with what differs from the usual."""
    told = []
    if environ["XIYUAN_HOME"] != USUAL_HOME:
        told.append(f"XIYUAN_HOME={shlex.quote(environ['XIYUAN_HOME'])}")
    if port != USUAL_PORT:
        told.append(f"XIYUAN_URL={shlex.quote(environ['XIYUAN_URL'])}")
    return " ".join([*told, ".venv/bin/python manage.py invite EMAIL"])
