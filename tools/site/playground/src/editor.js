// The editor: the text with the very line endings of the file, and findings in the gutter.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { form } from "./form.js";

// The lines of a file that ends all of them in CR LF are those of the editor; in any other file a CR is a character.
function separator(text) {
  return /\r\n/.test(text) && !/\r(?!\n)|(?<!\r)\n/.test(text) ? "\r\n" : "\n";
}

export function makeEditor(parent, changed, moved) {
  const extensions = (text) => [
    EditorState.lineSeparator.of(separator(text)),
    lineNumbers(), lintGutter(), history(), drawSelection(), highlightActiveLine(), highlightSpecialChars(), form,
    keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
    EditorView.contentAttributes.of({ "aria-label": "Configuration file", spellcheck: "false" }),
    EditorView.clipboardInputFilter.of((pasted, state) => pasted.replace(/\r\n?|\n/g, state.lineBreak)),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed();
      else if (update.selectionSet) moved(update.state.selection.main.head);
    }),
  ];
  const stateOf = (text) => EditorState.create({ doc: text, extensions: extensions(text) });
  const view = new EditorView({ parent, state: stateOf("") });
  const text = () => view.state.sliceDoc();
  return {
    view,
    text,
    // Offsets of findings are those of this text: in it every line ending of the editor is one character.
    shown: () => view.state.doc.toString(),
    load(next) {
      view.setState(stateOf(next));
      changed();
    },
    // As an edit, which can be undone; a text with other line endings is loaded anew.
    replace(next) {
      if (separator(next) !== view.state.lineBreak) return this.load(next);
      const doc = view.state.toText(next);
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: doc } });
    },
    mark(diagnostics) {
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    go(from) {
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
  };
}
