import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json, jsonParseLinter } from '@codemirror/lang-json';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { type Diagnostic, forceLinting, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from '@codemirror/view';

import { completeFrom } from './complete.ts';
import { rangeOf } from './json-place.ts';
import { JSON_COLOURS, LOOK } from './look.ts';
import type { Schema } from './schema.ts';

/** Something wrong at a path of the document, `tests[0].expect`; an empty path is the whole. */
export interface Issue {
  path: string;
  message: string;
}

export interface EditorOptions {
  text: string;
  /** Its accessible name. */
  label: string;
  isReadOnly: boolean;
  schema: () => Schema | undefined;
  /** What is wrong with a text that is JSON. */
  check: ((text: string) => Promise<readonly Issue[]>) | undefined;
  onChange: (text: string) => void;
  onSave: () => void;
  /** Escape: the focus goes on. */
  onLeave: () => void;
}

/** An editor that stands on the page. */
export interface EditorHandle {
  setText(text: string): void;
  setReadOnly(isReadOnly: boolean): void;
  /** Puts the cursor where a path is. */
  go(path: string): void;
  /** Checks now what else is checked after a pause. */
  recheck(): void;
  destroy(): void;
}

const CHECK_AFTER_MS = 500;

/** An editor of JSON in `root`, a shadow root: its styles are adopted there, which the policy allows. */
export function mountEditor(root: ShadowRoot, options: EditorOptions): EditorHandle {
  const locked = new Compartment();
  const lock = (isReadOnly: boolean) => [
    EditorState.readOnly.of(isReadOnly),
    // What can only be read can still be reached and scrolled by keyboard.
    EditorView.contentAttributes.of({
      'aria-label': options.label,
      tabindex: '0',
      ...(isReadOnly && { 'aria-readonly': 'true' }),
    }),
  ];
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        json(),
        JSON_COLOURS,
        LOOK,
        autocompletion({ override: [completeFrom(options.schema)], icons: false }),
        lintGutter(),
        linter((editor) => lint(editor, options.check), { delay: CHECK_AFTER_MS }),
        keymap.of([
          { key: 'Mod-s', preventDefault: true, run: () => (options.onSave(), true) },
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...lintKeymap,
          ...historyKeymap,
          ...defaultKeymap.filter(({ key }) => key !== 'Escape'),
          indentWithTab,
          { key: 'Escape', run: () => (options.onLeave(), true) },
        ]),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) options.onChange(state.doc.toString());
        }),
        locked.of(lock(options.isReadOnly)),
      ],
    }),
  });
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    setReadOnly(isReadOnly) {
      if (view.state.readOnly !== isReadOnly)
        view.dispatch({ effects: locked.reconfigure(lock(isReadOnly)) });
    },
    go(path) {
      const { from } = rangeOf(view.state, path);
      view.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      });
      view.focus();
    },
    recheck: () => forceLinting(view),
    destroy: () => view.destroy(),
  };
}

async function lint(
  view: EditorView,
  check: EditorOptions['check'],
): Promise<readonly Diagnostic[]> {
  const torn = jsonParseLinter()(view);
  if (torn.length > 0 || !check) return torn;
  const { state } = view;
  const issues = await check(state.doc.toString());
  if (view.state.doc !== state.doc) return [];
  return issues.map(({ path, message }) => ({
    ...rangeOf(state, path),
    severity: 'error',
    message: path === '' ? message : `${path}: ${message}`,
  }));
}
