"""Wiring. Importing it puts the SQLite we ship in the place of the interpreter's own.

Distributions carry SQLite releases with a known corruption of WAL databases; pysqlite3 bundles a
current one. This package is the first of ours that any process imports (manage.py, workers, the
web server and pytest all read `config.settings`), and Django asks for `sqlite3` only afterwards.
"""

import sys

import pysqlite3

from config.celery import app as celery_app

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

__all__ = ["celery_app"]
