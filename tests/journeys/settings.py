"""Settings of the server and the worker that the journeys use: the real ones, in one process.

Static files come from where they lie, by the same whitenoise: collecting and compressing them takes
longer than most journeys.
"""

from config.settings import *  # noqa: F403
from config.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
# Passwords as the tests write them: a real hash takes its time on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
