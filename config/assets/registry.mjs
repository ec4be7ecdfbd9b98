// The page works without this; with it the menu folds on a small screen and summaries take focus.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
