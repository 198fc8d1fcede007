"""A job that waits in the middle until it is let go on; loaded by the worker of test_worker.py."""

import time
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from foundation.services.jobs import Progress, handles

KIND = "test.wait"


@handles(KIND)
def wait_for_gate(progress: Progress) -> dict[str, Any]:
    """Show the first step, wait for the file named by `gate`, then write a file, once."""
    progress.tell(1, 2)
    while not Path(progress.arguments["gate"]).exists():
        time.sleep(0.05)
    with transaction.atomic():
        progress.confirm()
        default_storage.save("made-by-the-job", ContentFile(b"once"))
    progress.tell(2, 2)
    return {"attempt": progress.job.attempt}
