"""Three ways to use a page: with a pointer, by keyboard alone, and with JavaScript off.

A journey is written once, in what a person sees: the words of a link, a button, a label.
"""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page

# the longest page has fewer places to stop at than this
MOST_STOPS = 600
HAS_FOCUS = "element => element === document.activeElement"


class Pointer:
    """Clicks what it sees."""

    def __init__(self, page: Page, origin: str):
        self.page = page
        self.origin = origin

    def visit(self, address: str) -> None:
        self.page.goto(address if address.startswith("http") else f"{self.origin}{address}")

    def follow(self, words: str | re.Pattern[str]) -> None:
        self.leave_by(self.the("link", words))

    def push(self, words: str | re.Pattern[str]) -> None:
        self.leave_by(self.the("button", words))

    def leave_by(self, place: Locator) -> None:
        """To the next page, or to this one anew, and until it is there."""
        with self.page.expect_navigation():
            self.press(place)

    def keep(self, words: str | re.Pattern[str]) -> Path:
        """The file that a button gives."""
        with self.page.expect_download() as kept:
            self.press(self.the("button", words))
        return kept.value.path()

    def unfold(self, words: str) -> None:
        """What is folded away behind these words."""
        self.press(self.page.locator("summary").filter(has_text=words))

    def write(self, label: str | re.Pattern[str], text: str) -> None:
        self.type_into(self.labelled(label), text)

    def choose(self, label: str | re.Pattern[str]) -> None:
        """A radio button or a check box, by its label."""
        self.mark(self.labelled(label))

    def pick(self, label: str | re.Pattern[str], option: str) -> None:
        """One of a list, by its words."""
        self.labelled(label).select_option(label=option)

    def attach(self, label: str | re.Pattern[str], path: Path) -> None:
        """The window in which a file is chosen is the system's own: only its answer is given."""
        field = self.labelled(label)
        self.go_to(field)
        field.set_input_files(path)

    def the(self, role: str, words: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role(role, name=words, exact=isinstance(words, str)).first

    def labelled(self, label: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_label(label, exact=isinstance(label, str)).first

    def sees(self, words: str | re.Pattern[str]) -> bool:
        found = self.page.locator("body").get_by_text(words).first
        found.wait_for(state="visible", timeout=10_000)
        return True

    # --- with which means -----------------------------------------------------------------------

    def go_to(self, place: Locator) -> None:
        place.scroll_into_view_if_needed()

    def press(self, place: Locator) -> None:
        place.click()

    def type_into(self, field: Locator, text: str) -> None:
        field.fill(text)

    def mark(self, box: Locator) -> None:
        box.check()


class Keyboard(Pointer):
    """Tab, arrows, space, enter and letters; nothing is reached but by moving the focus."""

    def go_to(self, place: Locator) -> None:
        place.wait_for(state="attached")
        for _ in range(MOST_STOPS):
            if place.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"No keyboard reaches {place}.")

    def press(self, place: Locator) -> None:
        self.go_to(place)
        self.page.keyboard.press("Enter")

    def type_into(self, field: Locator, text: str) -> None:
        self.go_to(field)
        if field.get_attribute("type") == "date":
            field.fill(text)
            return
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def pick(self, label: str | re.Pattern[str], option: str) -> None:
        field = self.labelled(label)
        self.go_to(field)
        self.page.keyboard.type(option)
        chosen = field.evaluate("list => list.selectedOptions[0].label")
        assert chosen == option, f"Typing {option!r} chose {chosen!r}."

    def mark(self, box: Locator) -> None:
        if box.get_attribute("type") == "checkbox":
            self.go_to(box)
            if not box.is_checked():
                self.page.keyboard.press("Space")
            return
        group = self.page.locator(f'input[type=radio][name="{box.get_attribute("name")}"]')
        stop = next(
            (one for one in group.all() if one.is_checked()),
            group.first,
        )
        self.go_to(stop)
        for _ in range(group.count()):
            if box.evaluate(HAS_FOCUS):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        assert box.is_checked()
