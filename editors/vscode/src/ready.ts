/** Asks again where a service has written a completion after the one that is shown. */

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

/** Parameters of the server's `cloister/completionReady` notification. */
interface Ready {
  readonly uri: string;
  readonly version: number | null;
  readonly position: { readonly line: number; readonly character: number };
}

/** Begins to replace suggestions that the user still looks at. */
export function followServices(client: LanguageClient): void {
  client.onNotification('cloister/completionReady', ({ uri, version, position }: Ready) => {
    const editor = vscode.window.activeTextEditor;
    const isHere =
      editor !== undefined &&
      editor.document.version === version &&
      client.code2ProtocolConverter.asUri(editor.document.uri) === uri &&
      editor.selection.isEmpty &&
      editor.selection.active.isEqual(client.protocol2CodeConverter.asPosition(position));
    if (isHere) {
      void askAgain();
    }
  });
}

async function askAgain(): Promise<void> {
  // VS Code prefers what is shown to anything that comes later.
  await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
  await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
}
