import { createElement, Fragment, type VNode } from "preact";
import { useRef } from "preact/hooks";

/** So many entries are compared or left alone together. */
const TOGETHER = 16;

/**
 * Draws a list of which a step changes few entries. An entry with the same props as before stays the same object, so do sixteen neighbours
 * without a change: Preact does not compare them again, nor what is in them.
 *
 * @param propsOf what `draw` gets; compared by identity, one by one.
 */
export function useKept<T, P extends object>(
  items: readonly T[],
  propsOf: (item: T, position: number) => P,
  draw: (props: P) => VNode,
): VNode[] {
  const entries = useRef<readonly Entry<P>[]>([]);
  const groups = useRef<readonly Group[]>([]);
  entries.current = items.map((item, i) => {
    const props = propsOf(item, i);
    const last = entries.current[i];
    return last !== undefined && same(last.props, props) ? last : { props, drawn: draw(props) };
  });
  const drawn = entries.current.map((entry) => entry.drawn);
  groups.current = Array.from({ length: Math.ceil(drawn.length / TOGETHER) }, (_, i) => {
    const group = drawn.slice(TOGETHER * i, TOGETHER * (i + 1));
    const last = groups.current[i];
    const kept = last?.entries.length === group.length && group.every((one, j) => one === last.entries[j]);
    return kept ? last : { entries: group, drawn: createElement(Fragment, null, ...group) };
  });
  return groups.current.map((group) => group.drawn);
}

interface Entry<P> {
  readonly props: P;
  readonly drawn: VNode;
}

interface Group {
  readonly entries: readonly VNode[];
  readonly drawn: VNode;
}

function same<P extends object>(a: P, b: P): boolean {
  for (const name in b) if (a[name] !== b[name]) return false;
  return true;
}
