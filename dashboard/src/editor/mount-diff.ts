import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';

import { LOOK } from './look.ts';

/** Two texts as one, with what went and what came. Returns the way to take it away. */
export function mountDiff(
  root: ShadowRoot,
  label: string,
  before: string,
  after: string,
): () => void {
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: after,
      extensions: [
        lineNumbers(),
        LOOK,
        EditorView.lineWrapping,
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({
          'aria-label': label,
          'aria-readonly': 'true',
          tabindex: '0',
        }),
        unifiedMergeView({
          original: before,
          mergeControls: false,
          gutter: true,
          // Colours of the syntax over colours of the change could not be read in every theme.
          syntaxHighlightDeletions: false,
          collapseUnchanged: { margin: 3, minSize: 6 },
        }),
      ],
    }),
  });
  return () => view.destroy();
}
