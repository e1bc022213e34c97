/** The part of the gallery that needs scripts: search, groups, movable x, numbers to change. */
import liveCardsUrl from "virtual:gradus-live-cards";
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { startWorker } from "./client.ts";
import { holdInView } from "./hold.ts";
import { LiveCall } from "./live-call.tsx";
import { LivePlot } from "./live-plot.tsx";
import type { LiveCards } from "./protocol.ts";

const cards = [...document.querySelectorAll<HTMLElement>(".card")];
/** The words of a card that the search looks for: name, group, package, formula, params. */
const texts = new Map(
  cards.map((card) => {
    const parts = [...card.querySelectorAll("h2, .from, .formula, .params dt")];
    return [
      card,
      parts
        .map(({ textContent }) => textContent)
        .join(" ")
        .toLowerCase(),
    ];
  }),
);
const query = signal("");
const group = signal("");

function element<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found as E;
}
const search = element<HTMLInputElement>("search");
const select = element<HTMLSelectElement>("group");
const filter = element<HTMLFormElement>("filter");

filter.hidden = false;
filter.addEventListener("submit", (event) => event.preventDefault());
search.addEventListener("input", () => {
  query.value = search.value;
});
select.addEventListener("input", () => {
  group.value = select.value;
});

effect(() => {
  const words = query.value.toLowerCase().split(/\s+/);
  let count = 0;
  for (const [card, text] of texts) {
    const fits =
      (group.value === "" || card.dataset.group === group.value) &&
      words.every((word) => text.includes(word));
    card.style.display = fits ? "" : "none";
    count += +fits;
  }
  element("count").textContent = count === 1 ? "1 op" : `${count} ops`;
  element("contents").hidden = count < cards.length;
});

// A link to a card shows it, whatever is searched for.
function showTarget(): void {
  const card = document.getElementById(linked());
  if (!card?.classList.contains("card")) return;
  if (card.style.display !== "") {
    search.value = "";
    select.value = "";
    query.value = "";
    group.value = "";
  }
  holdInView(card);
}
/** The part of the address after "#". */
function linked(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return "";
  }
}
addEventListener("hashchange", showTarget);
showTarget();

let cardsData: LiveCards | undefined;

// Cards become live when they come into view: 129 at once would take long.
const seen = new IntersectionObserver(
  (found) => {
    for (const { isIntersecting, target } of found) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      enliven(target as HTMLElement);
    }
  },
  { rootMargin: "200px" },
);

function enliven(card: HTMLElement): void {
  const live = cardsData?.[card.id];
  if (live === undefined) return;
  const place = document.createElement("div");
  if ("by" in live) {
    place.className = "controls";
    card.querySelector(".drawing")?.append(place);
    render(<LivePlot name={card.id} {...live} />, place);
  } else {
    const example = card.querySelector(".example > div");
    render(<LiveCall {...live} onReady={() => example?.replaceChildren(place)} />, place);
  }
}

async function start(): Promise<void> {
  startWorker();
  cardsData = await (await fetch(liveCardsUrl)).json();
  document.documentElement.dataset.live = "yes"; // for tests
  for (const card of cards) seen.observe(card);
}
const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
// Without the data, for instance offline, the cards stay as they are.
addEventListener("load", () => whenIdle(() => void start().catch(() => {})));
