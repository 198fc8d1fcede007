"""Settings, addresses and the entries of web server and worker."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
