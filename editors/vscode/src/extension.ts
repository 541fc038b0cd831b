/** Puts the parts together when the first Python file is opened; holds no logic of its own. */

import * as vscode from 'vscode';

import { followActivity } from './activity';
import { offerRemedy, registerCommands } from './commands';
import { registerCommitMessage } from './commit';
import { registerContextReport } from './context';
import { Server } from './server';
import { readSettings, SECTION } from './settings';
import { createStatusItem, showStatus, type Status } from './status';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Cloister', { log: true });
  const item = createStatusItem();
  let status: Status = { state: 'starting' };
  const refresh = (): void => {
    const off = !readSettings().enabled && status.state !== 'error';
    showStatus(item, off ? { ...status, state: 'off' } : status);
  };
  const started = new Server(
    log,
    (latest) => {
      status = latest;
      refresh();
    },
    (message) => void offerRemedy(message),
  );
  server = started;
  context.subscriptions.push(
    log,
    item,
    ...registerCommands(started, log),
    ...registerContextReport(started),
    registerCommitMessage(started),
    ...followActivity(started),
    // What was forbidden before stays so in a running server.
    vscode.workspace.onDidGrantWorkspaceTrust(() => started.restart()),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration(`${SECTION}.path`)) {
        await started.restart();
      }
      refresh();
    }),
  );
  await started.restart();
}

export function deactivate(): Promise<void> | undefined {
  return server?.stop();
}
