/** What the status bar says: one icon for the state, and a tooltip that explains it. */

import * as vscode from 'vscode';

export type State = 'starting' | 'loading' | 'ready' | 'busy' | 'off' | 'error';

/** Parameters of the server's `cloister/status` notification. */
export interface Status {
  readonly state: State;
  readonly model?: string;
  readonly message?: string;
  readonly last_outcome?: string;
}

const ICONS: Readonly<Record<State, string>> = {
  starting: '$(loading~spin)',
  loading: '$(loading~spin)',
  ready: '$(sparkle)',
  busy: '$(loading~spin)',
  off: '$(circle-slash)',
  error: '$(error)',
};

const DESCRIPTIONS: Readonly<Record<State, string>> = {
  starting: 'starting',
  loading: 'loading the model',
  ready: 'ready',
  busy: 'writing a completion',
  off: 'completions are off',
  error: 'not working',
};

export function createStatusItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('status', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Cloister';
  item.command = 'cloister.showMenu';
  item.show();
  return item;
}

export function showStatus(item: vscode.StatusBarItem, status: Status): void {
  const title = `Cloister: ${DESCRIPTIONS[status.state]}`;
  item.text = `${ICONS[status.state]} Cloister`;
  item.tooltip = [title, ...describeDetails(status)].join('\n');
  item.accessibilityInformation = { label: title };
  item.backgroundColor =
    status.state === 'error' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
}

function describeDetails({ message, model, last_outcome: outcome }: Status): string[] {
  const details = [message, model && `Model: ${model}`, outcome && `Last request: ${outcome}`];
  return details.filter((detail): detail is string => Boolean(detail));
}
