// Colours for both forms of the file, for the eye alone: what counts is what the linter says.

import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const language = StreamLanguage.define({
  startState: () => ({ value: false }),
  token(stream, state) {
    if (stream.sol()) {
      state.value = false;
      stream.eatSpace();
      if (stream.match(/^(#|;|\/\/|\/\*).*/)) return "comment";
      if (stream.match(/^\[[^\]]*\]/) || stream.match(/^[^={}]+(?=\s*=\s*\{)/)) return "heading";
      if (stream.match(/^[^={};]+(?=\s*=)/)) return "propertyName";
    }
    if (stream.eatSpace()) return null;
    if (!state.value && stream.match("=")) {
      state.value = true;
      return "operator";
    }
    if (stream.match(/^[{};]/)) return "punctuation";
    stream.match(/^[^{};]+/) || stream.next();
    return state.value ? "string" : null;
  },
});

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--md-code-hl-comment-color)" },
  { tag: tags.heading, color: "var(--md-code-hl-keyword-color)", fontWeight: "bold" },
  { tag: tags.propertyName, color: "var(--md-code-hl-name-color)" },
  { tag: tags.string, color: "var(--md-code-hl-string-color)" },
  { tag: [tags.operator, tags.punctuation], color: "var(--md-code-hl-punctuation-color)" },
]);

export const form = [language, syntaxHighlighting(colours)];
