from django.conf import settings

from config.celery import app


def test_every_task_on_the_schedule_exists():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled - app.tasks.keys() == set()


def test_the_broker_is_trusted_with_nothing():
    asked = {
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_ignore_result": True,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
    }

    assert {name: app.conf[name] for name in asked} == asked
