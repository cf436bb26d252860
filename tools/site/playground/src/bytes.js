// A file as text of the editor, and back to the very same bytes. A byte that is not UTF-8 becomes a lone surrogate, as
// Python's "surrogateescape" makes it, and a byte order mark stays.

const ESCAPED = /[\udc80-\udcff]/;
const LONGEST = 4; // bytes of a character

export function toText(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return byCharacters(bytes);
  }
}

export function toBytes(text) {
  const encoder = new TextEncoder();
  if (!ESCAPED.test(text)) return encoder.encode(text);
  const parts = [];
  for (const character of text) { // a pair of surrogates is one character here, a lone one is one too
    const code = character.codePointAt(0);
    parts.push(...(code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : encoder.encode(character)));
  }
  return Uint8Array.from(parts);
}

function byCharacters(bytes) {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    let length = bytes[at] < 0x80 ? 1 : bytes[at] < 0xe0 ? 2 : bytes[at] < 0xf0 ? 3 : LONGEST;
    try {
      text += decoder.decode(bytes.subarray(at, at + length));
    } catch {
      text += String.fromCharCode(0xdc00 + bytes[at]);
      length = 1;
    }
    at += length;
  }
  return text;
}
