/** What the visitor does to move the page. */
const acts = ["wheel", "touchstart", "pointerdown", "keydown"] as const;
/** Cards above a target become live within this time, in milliseconds; a page that was idle so long has settled. */
const SETTLED = 3000;

let release = (): void => {};

/**
 * Scrolls to an element and keeps it there while the page around it changes its height: a list of contents comes back, cards become
 * live. It ends when the visitor moves the page, or nothing has changed for three seconds.
 */
export function holdInView(target: Element): void {
  release();
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout>;
  const show = (): void => {
    target.scrollIntoView();
    clearTimeout(timer);
    timer = setTimeout(release, SETTLED);
  };
  const sizes = new ResizeObserver(show); // it also calls back once at the start, when all is laid out
  sizes.observe(document.body);
  release = () => {
    clearTimeout(timer);
    sizes.disconnect();
    end.abort();
  };
  for (const act of acts) addEventListener(act, () => release(), { signal: end.signal, passive: true });
  show();
}
