/** Where the `cloister` program is; nothing in a workspace has a say in it. */

import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

const FILE_NAME = process.platform === 'win32' ? 'cloister.exe' : 'cloister';
const INSTALL_COMMAND = 'pipx install .';

/** Returns the configured program, else the first on the PATH, else the user's own. */
export function findProgram(configuredPath: string): string | undefined {
  if (configuredPath !== '') {
    const path = configuredPath.replace(/^~(?=[/\\])/, homedir());
    return isProgram(path) ? path : undefined;
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return [...folders, join(homedir(), '.local', 'bin')]
    .map((folder) => join(folder, FILE_NAME))
    .find(isProgram);
}

export function describeMissingProgram(configuredPath: string): string {
  return configuredPath === ''
    ? `Cloister is not installed: run "${INSTALL_COMMAND}" in its repository, then restart it here.`
    : `There is no program at ${configuredPath}: correct the setting "cloister.path".`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    // A relative path, as an entry of the PATH may be, would depend on the folder that is open.
    return isAbsolute(path) && statSync(path).isFile();
  } catch {
    return false; // Absent and not executable mean the same here: look on.
  }
}
