/** What the server is doing for a code action: behind the action's place until it is done. */

import * as vscode from 'vscode';
import { type LanguageClient, State } from 'vscode-languageclient/node';

/** Parameters of the server's `cloister/preview`; without a message the action is over. */
interface Preview {
  readonly id: string;
  readonly uri: string;
  readonly line: number;
  readonly title: string;
  readonly message: string;
  readonly text: string;
}

const MOST_CHARS = 80;
const DECORATION = vscode.window.createTextEditorDecorationType({
  after: {
    color: new vscode.ThemeColor('editorGhostText.foreground'),
    fontStyle: 'italic',
    margin: '0 0 0 2em',
  },
});

/** Begins to show what the server says; what it showed goes away with it. */
export function showPreviews(client: LanguageClient): void {
  const shown = new Map<string, Preview>();
  client.onNotification('cloister/preview', (preview: Preview) => {
    shown.delete(preview.id);
    if (preview.message !== '') {
      shown.set(preview.id, preview);
    }
    render(client, shown);
  });
  client.onDidChangeState(({ newState }) => {
    if (newState !== State.Running) {
      shown.clear();
      render(client, shown);
    }
  });
}

function render(client: LanguageClient, shown: ReadonlyMap<string, Preview>): void {
  for (const editor of vscode.window.visibleTextEditors) {
    const uri = client.code2ProtocolConverter.asUri(editor.document.uri);
    const here = [...shown.values()].filter((preview) => preview.uri === uri);
    editor.setDecorations(
      DECORATION,
      here.map((preview) => decorate(editor.document, preview)),
    );
  }
}

function decorate(document: vscode.TextDocument, preview: Preview): vscode.DecorationOptions {
  const { end } = document.lineAt(Math.min(preview.line, document.lineCount - 1)).range;
  const lastLine = preview.text.trimEnd().split('\n').at(-1) ?? '';
  const words = [preview.message, lastLine.trim()].filter((word) => word !== '').join(' ⋯ ');
  // A code block of a Markdown text that is not trusted: nothing in it is a link or a command.
  const hoverMessage = new vscode.MarkdownString().appendCodeblock(
    preview.text,
    document.languageId,
  );
  return {
    range: new vscode.Range(end, end),
    renderOptions: { after: { contentText: words.slice(0, MOST_CHARS) } },
    ...(preview.text === '' ? {} : { hoverMessage }),
  };
}
