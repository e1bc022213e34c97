/** The editor of the walk: CodeMirror, loaded when the text is touched for the first time. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** Colours from the tokens of the page, so that they fit in the light and in the dark. */
const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.bool, tags.null], color: "var(--link)" },
  { tag: [tags.string, tags.number, tags.regexp], color: "var(--green)" },
  { tag: [tags.typeName, tags.className], color: "var(--orange)" },
]);
const theme = EditorView.theme({
  "&": {
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--control)",
    borderRadius: "0.375rem",
  },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "2px" },
  ".cm-content": {
    fontFamily: "var(--code)",
    fontSize: "0.875rem",
    caretColor: "var(--text)",
    minHeight: "14rem",
  },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { color: "var(--quiet)", backgroundColor: "var(--raised)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--blue) 10%, transparent)",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--blue) 30%, transparent)",
  },
});

/** An editor in the place of a text area. */
export interface Editor {
  /** Moves the cursor to a line, counted from 1. */
  showLine(line: number): void;
}

/** Puts an editor in the place of a text area, which stays hidden and keeps the text for the form. */
export function editorFor(area: HTMLTextAreaElement, run: () => void): Editor {
  const view = new EditorView({
    doc: area.value,
    selection: { anchor: Math.min(area.selectionStart, area.value.length) },
    extensions: [
      lineNumbers(),
      history(),
      indentOnInput(),
      bracketMatching(),
      highlightActiveLine(),
      javascript({ typescript: true }),
      syntaxHighlighting(colours),
      theme,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": "Your program" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) area.value = update.state.doc.toString();
      }),
      keymap.of([
        {
          key: "Mod-Enter",
          run: () => {
            run();
            return true;
          },
        },
        ...defaultKeymap,
        ...historyKeymap,
      ]),
    ],
  });
  const hadFocus = document.activeElement === area;
  area.hidden = true;
  area.after(view.dom);
  if (hadFocus) view.focus();
  return {
    showLine: (number) => {
      const { doc } = view.state;
      const line = doc.line(Math.max(1, Math.min(number, doc.lines)));
      view.dispatch({ selection: { anchor: line.from }, scrollIntoView: true });
      view.focus();
    },
  };
}
