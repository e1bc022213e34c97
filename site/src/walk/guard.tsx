import { Component, type ComponentChildren, type VNode } from "preact";

interface GuardProps {
  readonly children: ComponentChildren;
}

/** Shows its children; if they cannot be drawn, a sentence in their place, so that the page lives on. */
export class Guard extends Component<GuardProps, { readonly failed: boolean }> {
  override state = { failed: false };

  override componentDidCatch(): void {
    this.setState({ failed: true });
  }

  override render({ children }: GuardProps): VNode {
    if (this.state.failed) return <p class="error">The recording of this program cannot be shown.</p>;
    return <>{children}</>;
  }
}
