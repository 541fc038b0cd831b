/** Asks the person what is to be done, for the server. */

import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

/** Begins to answer the server's requests. */
export function answerInstructions(client: LanguageClient): void {
  client.onRequest('cloister/instruct', async ({ title }: { readonly title: string }) => {
    const placeHolder = 'What is to be done, for example: return early when the list is empty';
    const text = await vscode.window.showInputBox({ title, placeHolder, ignoreFocusOut: true });
    return text === undefined ? null : { text };
  });
}
