"""Sets a form: reads what stands in it from stdin as JSON, writes the PDF to stdout.

`reports.files.printed` starts this file in a process of its own, apart from Django: what typst
keeps in memory of a month's tables is hundreds of megabytes, and it never gives them back.
"""

import json
import sys

import typst


def main() -> None:
    """Warnings end it with 1 and stand on stderr: a missing font would print boxes for letters."""
    asked = json.load(sys.stdin.buffer)
    pdf, warnings = typst.compile_with_warnings(
        asked["template"],
        format="pdf",
        font_paths=[asked["fonts"]],
        ignore_system_fonts=True,
        sys_inputs={"data": asked["data"]},
        timestamp=asked["timestamp"],
    )
    if warnings or not isinstance(pdf, bytes):
        sys.exit("; ".join(str(warning.message) for warning in warnings) or "no PDF")
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
