// From the linter's positions to the editor's: lines as confkit counts them (LF, CR LF and a lone CR end one), columns
// in characters without a byte order mark, against offsets in UTF-16 code units.

export function starts(text) {
  const found = [0];
  for (const end of text.matchAll(/\r\n|\n|\r/g)) found.push(end.index + end[0].length);
  return found;
}

export function offset(text, lineStarts, line, column) {
  let at = lineStarts[Math.min(line, lineStarts.length) - 1];
  if (line === 1 && text.startsWith("\ufeff")) at += 1;
  for (let left = column - 1; left > 0 && at < text.length; left -= 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}
