"""The settings of the house with a map that also holds the bare view."""

from config.settings import *  # noqa: F403, TID251 -- all of them, but for one

ROOT_URLCONF = "tests.bench.urls"
