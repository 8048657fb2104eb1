import { syntaxTree } from '@codemirror/language';
import { type Range, RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/** Colours are the page's custom properties: they reach into a shadow root, and turn with the theme. */
export const LOOK = EditorView.theme({
  '&': {
    maxHeight: 'max(20rem, calc(100vh - 25rem))',
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    fontSize: '0.875rem',
  },
  '&.cm-focused': { outline: '2px solid var(--gold)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)', padding: '0.6rem 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--surface)',
    color: 'var(--muted)',
    border: '0',
    paddingLeft: '0.25rem',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine': { backgroundColor: 'var(--hover)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground':
    { backgroundColor: 'color-mix(in srgb, var(--sapphire) 32%, transparent)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--edge)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--edge)',
    borderRadius: '0.5rem',
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '0.8125rem' },
  '.cm-tooltip-autocomplete > ul > li': { padding: '0.2rem 0.6rem' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--chosen)',
    color: 'var(--text)',
  },
  '.cm-completionDetail': { color: 'var(--muted)', fontStyle: 'normal' },
  '.cm-diagnostic': { padding: '0.35rem 0.6rem', fontFamily: 'var(--body)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--critical)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--critical)',
    textUnderlineOffset: '3px',
  },
  '.cm-lint-marker-error': {
    content: '"●"',
    color: 'var(--critical)',
    lineHeight: '1.3',
    textAlign: 'center',
  },
  '.json-name': { color: 'var(--sapphire)' },
  '.json-text': { color: 'var(--good)' },
  '.json-plain': { color: 'var(--gold)' },
  '.cm-insertedLine, .cm-changedLine, &.cm-merge-b .cm-changedLine': {
    backgroundColor: 'color-mix(in srgb, var(--good) 10%, transparent)',
  },
  '.cm-deletedChunk': {
    backgroundColor: 'color-mix(in srgb, var(--critical) 10%, transparent)',
    paddingLeft: '0.4rem',
  },
  '.cm-changedText, &.cm-merge-b .cm-changedText': {
    background: 'color-mix(in srgb, var(--good) 20%, transparent)',
  },
  '.cm-deletedChunk .cm-deletedText': {
    background: 'color-mix(in srgb, var(--critical) 20%, transparent)',
    textDecoration: 'none',
  },
  '.cm-changeGutter': { width: '3px', paddingLeft: '1px' },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"…"' },
  '.cm-collapsedLines': {
    padding: '0.25rem 0.75rem',
    background: 'var(--raised)',
    color: 'var(--muted)',
    cursor: 'pointer',
  },
});

const CLASSES: Readonly<Record<string, Decoration>> = {
  PropertyName: Decoration.mark({ class: 'json-name' }),
  String: Decoration.mark({ class: 'json-text' }),
  Number: Decoration.mark({ class: 'json-plain' }),
  True: Decoration.mark({ class: 'json-plain' }),
  False: Decoration.mark({ class: 'json-plain' }),
  Null: Decoration.mark({ class: 'json-plain' }),
};

/** Names, texts and other values in a colour each, as far as they are in sight. */
export const JSON_COLOURS = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = colour(view);
    }
    update({ docChanged, viewportChanged, view, startState, state }: ViewUpdate) {
      if (docChanged || viewportChanged || syntaxTree(startState) !== syntaxTree(state))
        this.decorations = colour(view);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

function colour({ state, visibleRanges }: EditorView): DecorationSet {
  const marks: Range<Decoration>[] = [];
  for (const { from, to } of visibleRanges)
    syntaxTree(state).iterate({
      from,
      to,
      enter: ({ name, from: start, to: end }) => {
        const mark = CLASSES[name];
        if (mark) marks.push(mark.range(start, end));
      },
    });
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to, value } of marks) builder.add(from, to, value);
  return builder.finish();
}
