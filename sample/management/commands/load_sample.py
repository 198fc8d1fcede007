"""Load the sample park (sample/data/) into a system that has no park yet."""

import os
from typing import Any

from django.core.management import BaseCommand, CommandError

from foundation import clock
from sample.loading import load_sample


class Command(BaseCommand):
    """The whole sample or nothing; where there is a park already, nothing changes."""

    help = __doc__
    requires_system_checks: list[str] = []  # every start waits for this command

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Load it, with the password that the sample's people share."""
        password = os.environ.get("XIYUAN_SAMPLE_PASSWORD")
        if not password:
            raise CommandError("Set XIYUAN_SAMPLE_PASSWORD: the password of the sample's people.")
        if load_sample(password=password, now=clock.now()):
            self.stdout.write("The sample park is loaded. A worker makes its reports.")
        else:
            self.stdout.write("There is a park already. The sample was not loaded.")
