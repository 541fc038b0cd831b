/** Tells the server what the user does, which helps it to choose what the model is told.
 *
 * What is on the screen and what other tools say about it; what was copied only where the setting
 * allows it. The server keeps the latest of it in memory and writes none of it down.
 */

import * as vscode from 'vscode';

import type { Server } from './server';
import { readSettings } from './settings';

const PAUSE_MS = 300;
const MAX_DIAGNOSTICS = 200;
const MAX_COPIED_CHARS = 16_000;

type Tell = (server: Server) => unknown;

/** Tells after a pause, because scrolling and typing change something many times a second. */
export function followActivity(server: Server): vscode.Disposable[] {
  const pending = new Set<Tell>();
  let timer: NodeJS.Timeout | undefined;
  const tellPending = (): void => {
    timer = undefined;
    pending.forEach((tell) => tell(server));
    pending.clear();
  };
  const tellSoon = (...tells: Tell[]): void => {
    tells.forEach((tell) => pending.add(tell));
    timer ??= setTimeout(tellPending, PAUSE_MS);
  };
  tellSoon(tellViewed, tellDiagnosed, tellCopied);
  return [
    vscode.window.onDidChangeTextEditorVisibleRanges(() => tellSoon(tellViewed)),
    vscode.window.onDidChangeActiveTextEditor(() =>
      // VS Code does not say when something is copied.
      tellSoon(tellViewed, tellDiagnosed, tellCopied),
    ),
    vscode.window.onDidChangeWindowState(() => tellSoon(tellCopied)),
    vscode.languages.onDidChangeDiagnostics(() => tellSoon(tellDiagnosed)),
    { dispose: () => clearTimeout(timer) },
  ];
}

function tellViewed(server: Server): void {
  const editor = findEditor();
  const first = editor?.visibleRanges.at(0)?.start.line;
  const last = editor?.visibleRanges.at(-1)?.end.line;
  if (editor !== undefined && first !== undefined && last !== undefined) {
    server.notify('didView', {
      uri: editor.document.uri.toString(),
      firstLine: first,
      lastLine: last,
    });
  }
}

function tellDiagnosed(server: Server): void {
  const uri = findEditor()?.document.uri;
  if (uri !== undefined) {
    const diagnostics = vscode.languages.getDiagnostics(uri).slice(0, MAX_DIAGNOSTICS);
    server.notify('didDiagnose', {
      uri: uri.toString(),
      diagnostics: diagnostics.map(({ range, message }) => ({
        firstLine: range.start.line,
        lastLine: range.end.line,
        message,
      })),
    });
  }
}

async function tellCopied(server: Server): Promise<void> {
  if (readSettings().clipboard) {
    const text = await vscode.env.clipboard.readText();
    // Something longer is forgotten, as what was copied before is.
    server.notify('didCopy', { text: text.length <= MAX_COPIED_CHARS ? text : '' });
  }
}

function findEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.uri.scheme === 'file' ? editor : undefined;
}
