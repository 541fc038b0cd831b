/** The message of the next commit: written into the box of the source control view. */

import * as vscode from 'vscode';

import type { Server } from './server';

/** The part of VS Code's own git extension that is used here. */
interface GitExtension {
  getAPI(version: 1): { readonly repositories: readonly Repository[] };
}

interface Repository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
}

export function registerCommitMessage(server: Server): vscode.Disposable {
  return vscode.commands.registerCommand(
    'cloister.writeCommitMessage',
    async (source?: { readonly rootUri?: vscode.Uri }) => {
      const repository = await chosenRepository(source?.rootUri);
      if (repository !== undefined) {
        await write(server, repository);
      }
    },
  );
}

/** Leaves alone what somebody wrote in the box, before or meanwhile. */
async function write(server: Server, { rootUri, inputBox }: Repository): Promise<void> {
  if (inputBox.value.trim() !== '') {
    void vscode.window.showInformationMessage('There is a message already: empty the box first.');
    return;
  }
  const answer = await server.execute<{ readonly message: string }>(
    'cloister.commitMessage',
    rootUri.toString(),
  );
  if (answer !== null && inputBox.value.trim() === '') {
    inputBox.value = answer.message;
  }
}

/** Returns the repository that is meant: the only one, or the one that is picked. */
async function chosenRepository(rootUri?: vscode.Uri): Promise<Repository | undefined> {
  const git = vscode.extensions.getExtension<GitExtension>('vscode.git');
  const repositories = (await git?.activate())?.getAPI(1).repositories ?? [];
  if (rootUri !== undefined) {
    return repositories.find((it) => it.rootUri.toString() === rootUri.toString());
  }
  if (repositories.length < 2) {
    return repositories[0];
  }
  const items = repositories.map((it) => ({ label: it.rootUri.fsPath, repository: it }));
  return (await vscode.window.showQuickPick(items, { title: 'Commit where?' }))?.repository;
}
