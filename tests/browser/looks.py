"""What a page must be for everybody: no violation of WCAG 2.2 AA, and no sideways scrolling."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
# 400 % zoom of a window of 1280 pixels is a window of 320 (WCAG 1.4.10)
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}
OVERFLOW = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return "";
  const over = [...document.body.querySelectorAll("*")].filter(
    element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
  return `${wide} px, by ` + over.slice(-3).map(
    element => element.tagName + "." + element.className).join(" ");
}"""
# what a page is made of, whatever it says: two pages of one make need one look
MAKE = """() => [...new Set([...document.body.querySelectorAll("*")].map(
  element => element.tagName + "." + [...element.classList].sort().join(".") +
    (element.getAttribute("role") || "") + (element.getAttribute("aria-current") || "")
))].sort().join(" ")"""


def faults(page: Page) -> list[str]:
    """What axe finds, and whether the page is wider than a small screen; nothing if all is well."""
    page.evaluate(AXE_SCRIPT)
    found = []
    for violation in page.evaluate(RUN, WCAG)["violations"]:
        places = "; ".join(
            f"{node['target']} {node['html'][:160]} ({node['failureSummary'][:200]})"
            for node in violation["nodes"][:3]
        )
        found.append(f"{violation['id']}: {places}")
    page.set_viewport_size(NARROW)
    overflow = page.evaluate(OVERFLOW)
    page.set_viewport_size(WIDE)
    if overflow:
        found.append(f"wider than 320 px: {overflow}")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} main headings")
    return found
