/** The settings that the extension itself obeys, and those that go to the server as they are. */

import * as vscode from 'vscode';

import manifest from '../package.json';

export const SECTION = 'cloister';

const OWN_SETTINGS = ['clipboard', 'path', 'trace.server'];
const SERVER_SETTINGS = Object.keys(manifest.contributes.configuration.properties)
  .map((name) => name.slice(SECTION.length + 1))
  .filter((name) => !OWN_SETTINGS.includes(name));

export interface Settings {
  /** Whether the server is told what was copied. */
  readonly clipboard: boolean;
  readonly enabled: boolean;
  /** Path of the `cloister` program; empty when it has to be looked for. */
  readonly path: string;
}

export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return {
    clipboard: configuration.get<boolean>('clipboard', false),
    enabled: configuration.get<boolean>('enabled', true),
    path: configuration.get<string>('path', '').trim(),
  };
}

/**
 * Returns what people set for the server; a default would outrank their settings file. From a
 * workspace that nobody trusts yet nothing may leave.
 */
export function chosenSettings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const isChosen = (name: string): boolean => {
    const { globalValue, workspaceValue, workspaceFolderValue } = configuration.inspect(name) ?? {};
    return [globalValue, workspaceValue, workspaceFolderValue].some((value) => value !== undefined);
  };
  const chosen = SERVER_SETTINGS.filter(isChosen);
  const settings = Object.fromEntries(chosen.map((name) => [name, configuration.get(name)]));
  return vscode.workspace.isTrusted ? settings : { ...settings, localOnly: true };
}

/** Turns completions on or off where they are switched now: in the workspace, else for the user. */
export async function toggleEnabled(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const isSetInWorkspace = configuration.inspect('enabled')?.workspaceValue !== undefined;
  const { Global, Workspace } = vscode.ConfigurationTarget;
  const target = isSetInWorkspace ? Workspace : Global;
  await configuration.update('enabled', !readSettings().enabled, target);
}
