"""One register for all journeys of a run, and a browser of the system to visit it with."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.hands import Keyboard, Pointer
from tests.browser.looks import WIDE
from tests.browser.world import World, running_world

# nothing may be asked of anybody else, and a container has no sandbox to give
QUIETLY = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
# in which it shows a PDF
OF_THE_BROWSER = ("chrome:", "chrome-extension:")
WAYS = ("pointer", "keyboard", "without JavaScript")


def chromium() -> str:
    for name in (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        found = name and shutil.which(name)
        if found:
            return found
    raise RuntimeError("No Chromium on this machine. Type: make verifiers")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    # WORLD_AT="folder origin" visits one that is served already: for whoever writes a journey
    if already := os.environ.get("WORLD_AT"):
        folder, origin = already.split()
        yield World(origin, Path(folder))
        return
    with running_world(tmp_path_factory.mktemp("world")) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(QUIETLY))
        yield opened
        opened.close()


@pytest.fixture
def visitor(browser: Browser, world: World) -> Iterator[Callable[..., Pointer]]:
    """Somebody with a browser of their own: `visitor("keyboard")`, as many as a test needs."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def come(way: str = "pointer", **kind) -> Pointer:
        context = browser.new_context(
            java_script_enabled=way != "without JavaScript", viewport=WIDE, **kind
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        page = context.new_page()
        listen(page, world, complaints)
        return (Keyboard if way == "keyboard" else Pointer)(page, world.origin)

    yield come
    for context in opened:
        context.close()
    assert not complaints, complaints


def listen(page: Page, world: World, complaints: list[str]) -> None:
    """No page breaks its own content policy, throws, answers 500 or asks another host."""
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            complaints.append(f"{page.url}: {said.text}")
            if said.type == "error" and "Content Security Policy" in said.text
            else None
        ),
    )
    page.on(
        "response",
        lambda answer: (
            complaints.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            complaints.append(f"{page.url} asked {asked.url}")
            if not asked.url.startswith((world.origin, "data:", "blob:", "about:", *OF_THE_BROWSER))
            else None
        ),
    )
