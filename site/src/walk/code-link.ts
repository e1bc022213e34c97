/** Programs as a part of links: deflate, then base64 with the signs of addresses. */

/** A longer program is refused: a link may come from anyone, and a few bytes can unpack to very many. */
const LONGEST = 100_000;

/** The text for a link. */
export async function packed(source: string): Promise<string> {
  const bytes = await readAll(
    through(new TextEncoder().encode(source), new CompressionStream("deflate-raw")),
    Infinity,
  );
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** The program of a link; null if the text is no program, is damaged, or is longer than 100,000 bytes. */
export async function unpacked(text: string): Promise<string | null> {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
    const source = await readAll(through(bytes, new DecompressionStream("deflate-raw")), LONGEST);
    return new TextDecoder("utf-8", { fatal: true }).decode(source);
  } catch {
    return null;
  }
}

function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array> {
  return new Blob([bytes])
    .stream()
    .pipeThrough(stream as unknown as ReadableWritablePair<Uint8Array, Uint8Array>);
}

/** @throws RangeError as soon as there are more bytes than `most`. */
async function readAll(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new RangeError("too long");
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
