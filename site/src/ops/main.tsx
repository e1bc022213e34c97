/** The part of the gallery that needs scripts: search, groups, movable x, numbers to change. */
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { startWorker } from "./client.ts";
import { holdInView } from "./hold.ts";
import { LiveCall } from "./live-call.tsx";
import { LivePlot } from "./live-plot.tsx";

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
  const drawing = card.querySelector<HTMLElement>("[data-plot]");
  if (drawing?.dataset.plot) {
    const controls = document.createElement("div");
    controls.className = "controls";
    drawing.append(controls);
    render(<LivePlot name={card.id} {...JSON.parse(drawing.dataset.plot)} />, controls);
  }
  const example = card.querySelector<HTMLElement>("[data-example]");
  if (example?.dataset.example) {
    const live = document.createElement("div");
    const { call, names } = JSON.parse(example.dataset.example);
    render(<LiveCall call={call} names={names} onReady={() => example.replaceChildren(live)} />, live);
  }
}

const whenIdle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
addEventListener("load", () =>
  whenIdle(() => {
    startWorker();
    document.documentElement.dataset.live = "yes"; // for tests
    for (const card of cards) seen.observe(card);
  }),
);
