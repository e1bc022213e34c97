import type { ComponentChildren, VNode } from "preact";

/** A box for what may be wider than the page: it scrolls, also by keyboard. @param label names it for screen readers. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups controls
    <div class="scroll" tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}

/** Source text that scrolls. */
export function Code({ text, label }: { text: string; label: string }): VNode {
  return (
    <Scroll label={label}>
      <pre>
        <code>{text}</code>
      </pre>
    </Scroll>
  );
}
