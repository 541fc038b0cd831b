/** Code actions change only the text that they were made for. */

import * as vscode from 'vscode';
import type { ResolveCodeActionSignature } from 'vscode-languageclient/node';

const CHANGED = 'The document has changed since, so nothing was done; ask again.';

/**
 * Resolves a code action, without its edit when a document has changed meanwhile.
 *
 * The server refuses that too, but not for a key that is typed while its answer is on the way.
 */
export async function resolveUnchanged(
  action: vscode.CodeAction,
  token: vscode.CancellationToken,
  next: ResolveCodeActionSignature,
): Promise<vscode.CodeAction | null | undefined> {
  const before = openVersions();
  const resolved = await next(action, token);
  const now = openVersions();
  const isChanged = ([uri]: [vscode.Uri, unknown]): boolean =>
    before.get(uri.toString()) !== now.get(uri.toString());
  if (resolved?.edit?.entries().some(isChanged)) {
    delete resolved.edit;
    void vscode.window.showWarningMessage(CHANGED);
  }
  return resolved;
}

function openVersions(): Map<string, number> {
  return new Map(
    vscode.workspace.textDocuments.map(({ uri, version }) => [uri.toString(), version]),
  );
}
