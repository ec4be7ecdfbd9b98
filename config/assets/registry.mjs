// The page works without this; with it the menu folds on a small screen and summaries take focus.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A page that waits for work elsewhere asks again by itself: what it says of the progress changes
// in place, so that nobody loses their place, and the whole page comes new when the work is done.
const ASKS_AGAIN = "[data-asks-again]";
const SECONDS = 4;

async function askAgain() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const then = page.querySelector(ASKS_AGAIN);
      if (!then) {
        location.reload();
        return;
      }
      document.querySelectorAll(`${ASKS_AGAIN} [data-part]`).forEach((part) => {
        const other = then.querySelector(`[data-part="${part.dataset.part}"]`);
        if (other.textContent !== part.textContent) part.replaceChildren(...other.childNodes);
      });
    }
  } catch {
    // no connection now: the next time may find one
  }
  setTimeout(askAgain, SECONDS * 1000);
}

if (document.querySelector(ASKS_AGAIN)) setTimeout(askAgain, SECONDS * 1000);
