/** Safetensors files for tests, built byte by byte without any check. */

/** A file with this header (text, or bytes that are no text) and this many bytes of data, or these bytes. */
export function file(header: string | Uint8Array, data: number | Uint8Array = 0, claim?: bigint): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const body = typeof data === "number" ? new Uint8Array(data) : data;
  const out = new Uint8Array(8 + text.length + body.length);
  new DataView(out.buffer).setBigUint64(0, claim ?? BigInt(text.length), true);
  out.set(text, 8);
  out.set(body, 8 + text.length);
  return out;
}

/** A tensor in a header, in JSON: `entry("a", "F32", "[2]", "[0,8]")`. */
export function entry(name: string, dtype: string, shape: string, offsets: string): string {
  return `"${name}":{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
}

/** A file of one tensor `x` with these bytes. */
export function fileOf(dtype: string, bytes: Uint8Array, shape: readonly number[]): Uint8Array {
  return file(`{${entry("x", dtype, `[${shape}]`, `[0,${bytes.length}]`)}}`, bytes);
}
