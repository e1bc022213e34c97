declare const console: { warn(text: string): void };

/** Writes one line for the user, who may go on. @internal */
export function warn(text: string): void {
  console.warn(text);
}
