/** Renames for the server: through whatever else in VS Code renames in this language. */

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

/** Parameters of the server's `cloister/rename` request. */
interface RenameParams {
  readonly textDocument: { readonly uri: string; readonly version: number | null };
  readonly position: { readonly line: number; readonly character: number };
  readonly newName: string;
}

interface RenameAnswer {
  readonly done: boolean;
  readonly reason?: string;
}

/** What VS Code says when nobody renames here; it is no reason that anybody gave. */
const NOBODY = 'No result.';

/** Begins to answer the server's requests. */
export function answerRenames(client: LanguageClient): void {
  client.onRequest('cloister/rename', (params: RenameParams) => rename(client, params));
}

async function rename(client: LanguageClient, params: RenameParams): Promise<RenameAnswer> {
  const uri = client.protocol2CodeConverter.asUri(params.textDocument.uri);
  const isCurrent = (): boolean =>
    vscode.workspace.textDocuments.some(
      ({ uri: open, version }) =>
        open.toString() === uri.toString() && version === params.textDocument.version,
    );
  try {
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit | undefined>(
      'vscode.executeDocumentRenameProvider',
      uri,
      client.protocol2CodeConverter.asPosition(params.position),
      params.newName,
    );
    if (edit === undefined || edit.size === 0) {
      return { done: false };
    }
    if (!isCurrent()) {
      return { done: false, reason: 'the document has changed since' };
    }
    return { done: await vscode.workspace.applyEdit(edit) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return reason === NOBODY ? { done: false } : { done: false, reason };
  }
}
