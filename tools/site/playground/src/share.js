// A text in the part of an address that no browser sends: name and deflated bytes behind "#v1.", made on request alone.

const VERSION = "v1";

export async function toFragment(name, bytes) {
  const packed = await through(new CompressionStream("deflate-raw"), bytes);
  const letters = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(""));
  return `#${VERSION}.${name}.${letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

// Returns null where the fragment holds no text, or not a whole one.
export async function fromFragment(fragment, names) {
  const found = /^#v1\.(.+)\.([\w-]+)$/.exec(fragment);
  if (!found || !names.includes(found[1])) return null;
  try {
    const letters = atob(found[2].replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return { name: found[1], bytes: await through(new DecompressionStream("deflate-raw"), packed) };
  } catch {
    return null;
  }
}

async function through(stream, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
