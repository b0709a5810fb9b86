// The own entries that the portal had last, to look up what is done already.

import { byId, element } from "../dom.js";
import { written } from "../written/days.js";
import { hoursAndMinutes } from "../written/durations.js";

/** @import { Account } from "./store.js" */

/** @param {Pick<Account, "recent" | "keptAt"> | undefined} kept */
export function showRecent(kept) {
  byId("unterwegs-zuletzt", HTMLElement).hidden = !kept?.recent.length;
  if (!kept) return;
  byId("unterwegs-zuletzt-stand", HTMLElement).textContent = `Stand: ${written(new Date(kept.keptAt))}`;
  byId("unterwegs-zuletzt-liste", HTMLElement).replaceChildren(...kept.recent.map(item));
}

/** @param {Account["recent"][number]} activity */
function item({ title, day, minutes }) {
  return element(
    "li",
    {},
    element("h3", { className: "queue__title", textContent: title }),
    element("p", { className: "queue__facts", textContent: `${day} · ${hoursAndMinutes(minutes)}` }),
  );
}
