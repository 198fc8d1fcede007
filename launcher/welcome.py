"""What is printed once everything runs: the address and who may sign in."""

PEOPLE = (
    ("admin", "系统管理员", "system administrator"),
    ("operator", "园区运营经理", "operator manager"),
    ("promotion", "招商专员", "promotion officer"),
    ("enterprise", "企业管理员", "enterprise manager"),
    ("official", "政府工作人员", "official"),
    ("auditor", "审计员", "auditor"),
)
DOMAIN = "xiyuan.example"


def text(port: int, environ: dict[str, str]) -> str:
    """The address, one sample login for each role, and how to stop, in both languages."""
    lines = ["", f"  打开 Open      http://127.0.0.1:{port}/"]
    if environ["XIYUAN_SAMPLE"] == "1":
        lines.append("  登录 Sign in")
        lines += [
            f"    {f'{name}@{DOMAIN}':<28}{english:<22}{chinese}"
            for name, chinese, english in PEOPLE
        ]
        lines.append(f"  密码 Password  {environ['XIYUAN_SAMPLE_PASSWORD']}")
    lines.append("  停止 Stop      Ctrl-C\n")
    return "\n".join(lines)
