"""Celery: the broker carries hints, the database holds the truth (design.md §6).

A lost or doubled message does no harm: a task carries ids, its service claims the work by a
conditional update, and the sweep sends again what nobody claimed.
"""

import os

from celery import Celery

from config import file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

file_broker.use()
app = Celery("registry")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
