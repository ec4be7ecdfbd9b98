"""The register as files: the same ones each time, added to, never replaced by another past."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from audits.transparency import publishing
from audits.transparency.publishing import PublishedOtherwise, publish
from tests.factories import credentials as make_credentials
from tests.factories import log

pytestmark = pytest.mark.django_db

verify = log.verifier()


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "published"


@pytest.fixture
def grown():
    log.acts(3)
    return log.certificate()


def test_everything_that_one_needs_to_check_it_is_there(grown, folder, client):
    checkpoint = log.published(folder)

    size = checkpoint.size
    assert set(files(folder)) == {
        "log/checkpoint",
        "log/keys.json",
        f"log/tile/0/000.p/{size}",
        f"log/tile/entries/000.p/{size}",
        f"verify/{grown.number}/statement.json",
        ".well-known/did.json",
        "contexts/recruitment-code/v1",
    }
    assert verify.main([str(folder)]) == 0


def test_each_file_is_what_the_site_serves_at_the_same_address(grown, folder, client):
    log.published(folder)

    differing = {
        name: client.get(f"/{name}").status_code
        for name, content in files(folder).items()
        if client.get(f"/{name}").content != content
    }

    assert differing == {}


def test_credentials_and_status_lists_are_published_too(folder):
    made = make_credentials.published()
    log.as_issued(made)

    log.published(folder)

    assert {
        f"verify/{made.number}/credential.json",
        f"verify/{made.number}/credential.jwt",
        "status/revocation/1",
        "status/suspension/1",
        "status/revocation/1.jwt",
    } <= set(files(folder))


def test_two_folders_get_the_same_bytes(grown, folder):
    at = timezone.now()
    checkpoint = log.signed()

    publish(folder / "one", checkpoint, at=at)
    publish(folder / "other", checkpoint, at=at)

    assert files(folder / "one") == files(folder / "other")


def test_what_is_new_is_added_and_what_was_there_stays(grown, folder):
    log.published(folder)
    before = files(folder)
    log.acts(255)
    second = log.certificate()

    log.published(folder)

    after = files(folder)
    passing = {"log/checkpoint", "log/keys.json"}
    assert {name: after[name] for name in before if name not in passing} == {
        name: content for name, content in before.items() if name not in passing
    }
    assert f"verify/{second.number}/statement.json" in after
    assert "log/tile/entries/000" in after
    assert verify.main([str(folder)]) == 0


@pytest.mark.parametrize("stop", range(6))
def test_a_run_that_was_stopped_is_run_again_and_never_promised_too_much(
    grown, folder, monkeypatch, stop
):
    checkpoint, whole, written = log.signed(), publishing.write_whole, []

    def write(path, content):
        if len(written) == stop:
            raise KeyboardInterrupt
        written.append(path)
        whole(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "write_whole", write)
        with pytest.raises(KeyboardInterrupt):
            publish(folder, checkpoint, at=timezone.now())
    assert "log/checkpoint" not in files(folder)

    publish(folder, checkpoint, at=timezone.now())

    assert verify.main([str(folder)]) == 0


def test_another_past_is_never_published_over_the_first(grown, folder):
    checkpoint = log.published(folder)
    (folder / "log/checkpoint").unlink()
    path = next(folder.glob("log/tile/entries/000.p/*"))
    path.write_bytes(b"something else")

    with pytest.raises(PublishedOtherwise, match="says something else"):
        publish(folder, checkpoint, at=timezone.now())
    assert path.read_bytes() == b"something else"


def test_a_shorter_log_is_never_published_over_a_longer_one(grown, folder):
    earlier = log.signed()
    log.acts(2)
    log.published(folder)

    with pytest.raises(PublishedOtherwise, match="and the log has"):
        publish(folder, earlier, at=timezone.now())


def test_another_register_is_never_published_over_this_one(grown, folder, settings):
    log.published(folder)
    settings.CANONICAL_ORIGIN = "https://other.example"
    log.acts(1)

    with pytest.raises(CommandError, match="holds another log"):
        call_command("publish_log", str(folder))


def test_the_command_says_what_it_wrote(grown, folder, capsys):
    call_command("publish_log", str(folder))
    size = int((folder / "log/checkpoint").read_text().splitlines()[1])
    call_command("publish_log", str(folder))

    assert capsys.readouterr().out == (
        f"{folder}: {size} leaves, 3 new files.\n{folder}: {size} leaves, 0 new files.\n"
    )
