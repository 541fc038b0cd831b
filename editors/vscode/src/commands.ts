/** What the user can ask for, by the command palette or by the menu of the status bar item. */

import * as vscode from 'vscode';

import type { Server } from './server';
import { readSettings, toggleEnabled } from './settings';

interface MenuItem extends vscode.QuickPickItem {
  readonly command: string;
}

export function registerCommands(
  server: Server,
  log: vscode.LogOutputChannel,
): vscode.Disposable[] {
  const commands: Readonly<Record<string, () => unknown>> = {
    'cloister.restart': () => server.restart(),
    'cloister.showLog': () => {
      log.show();
    },
    'cloister.toggle': toggle,
    'cloister.showMenu': showMenu,
    'cloister.openSettings': openSettings,
  };
  return Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run));
}

/** Shows a failure once, with everything that can be done about it. */
export async function offerRemedy(message: string): Promise<void> {
  const commands = new Map([
    ['Restart', 'cloister.restart'],
    ['Show Log', 'cloister.showLog'],
    ['Open Settings', 'cloister.openSettings'],
  ]);
  const chosen = await vscode.window.showErrorMessage(message, ...commands.keys());
  const command = chosen === undefined ? undefined : commands.get(chosen);
  if (command !== undefined) {
    await vscode.commands.executeCommand(command);
  }
}

async function toggle(): Promise<void> {
  await toggleEnabled();
  if (!readSettings().enabled) {
    await vscode.commands.executeCommand('editor.action.inlineSuggest.hide');
  }
}

async function showMenu(): Promise<void> {
  const { enabled } = readSettings();
  const items: MenuItem[] = [
    {
      label: enabled ? '$(circle-slash) Turn completions off' : '$(sparkle) Turn completions on',
      command: 'cloister.toggle',
    },
    { label: '$(eye) Show what the model sees', command: 'cloister.showPrompt' },
    { label: '$(debug-restart) Restart', command: 'cloister.restart' },
    { label: '$(output) Show log', command: 'cloister.showLog' },
    { label: '$(gear) Open settings', command: 'cloister.openSettings' },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: 'Cloister' });
  // The click on the status bar took the focus from the text that is being written.
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  if (chosen !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}

function openSettings(): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openSettings', '@ext:cloister.cloister');
}
