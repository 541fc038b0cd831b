/** The settings that the extension itself obeys; all others go to the server as they are. */

import * as vscode from 'vscode';

export const SECTION = 'cloister';

export interface Settings {
  readonly enabled: boolean;
  /** Path of the `cloister` program; empty when it has to be looked for. */
  readonly path: string;
}

export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return {
    enabled: configuration.get<boolean>('enabled', true),
    path: configuration.get<string>('path', '').trim(),
  };
}

/** Turns completions on or off where they are switched now: in the workspace, else for the user. */
export async function toggleEnabled(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const isSetInWorkspace = configuration.inspect('enabled')?.workspaceValue !== undefined;
  const { Global, Workspace } = vscode.ConfigurationTarget;
  const target = isSetInWorkspace ? Workspace : Global;
  await configuration.update('enabled', !readSettings().enabled, target);
}
