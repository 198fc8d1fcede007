"""Measures the product against hand-written SQL: `make bench`. See docs/bench.md.

Django is set up here, so that every module of the package can import the product at its top.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()
