/** The language server's life: found on this machine, started, watched and restarted. */

import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as vscode from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  DidChangeConfigurationNotification,
  ErrorAction,
  type ErrorHandler,
  ExecuteCommandRequest,
  LanguageClient,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient/node';

import manifest from '../package.json';
import { resolveUnchanged } from './actions';
import { answerInstructions } from './instruct';
import { describeMissingProgram, findProgram } from './program';
import { followServices } from './ready';
import { showPreviews } from './preview';
import { CancellableProgress } from './progress';
import { answerRenames } from './rename';
import { chosenSettings, readSettings, SECTION } from './settings';
import type { Status } from './status';

const MAX_CRASHES = 3;
const CRASH_WINDOW_MS = 3 * 60 * 1000;

/** Owns the one running client. Restarts follow each other, whoever asks for them. */
export class Server {
  private client: LanguageClient | undefined;
  private crashTimes: number[] = [];
  private lastStop: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly onStatus: (status: Status) => void,
    private readonly onFailure: (message: string) => void,
  ) {}

  /** Stops the server when it runs, and starts the one that the settings name now. */
  async restart(): Promise<void> {
    this.crashTimes = [];
    await this.stop();
    if (this.client === undefined) {
      this.start();
    }
  }

  stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.lastStop = this.lastStop.then(() => this.dispose(client));
    return this.lastStop;
  }

  /** Runs a command of the server; returns null without a server, or when it has no answer. */
  async execute<Answer>(command: string, argument: unknown): Promise<Answer | null> {
    const params = { command, arguments: [argument] };
    return (await this.client?.sendRequest(ExecuteCommandRequest.type, params)) ?? null;
  }

  /** Tells the server something of our own; without a server there is nobody to tell. */
  notify(name: string, params: object): void {
    this.client?.sendNotification(`cloister/${name}`, params).catch(() => undefined);
  }

  private start(): void {
    const { path } = readSettings();
    const program = findProgram(path);
    if (program === undefined) {
      this.fail(describeMissingProgram(path));
      return;
    }
    this.log.info(`Starting ${program}`);
    const client = createClient(program, this.log, {
      error: () => ({ action: ErrorAction.Continue }), // A broken pipe is followed by `closed`.
      closed: () => this.decideAfterCrash(client),
    });
    this.client = client;
    // A client that is being replaced has no say in the status any more.
    const whileCurrent = <T>(listen: (value: T) => void) => (value: T): void => {
      if (client === this.client) {
        listen(value);
      }
    };
    client.onNotification('cloister/status', whileCurrent(this.onStatus));
    answerRenames(client);
    answerInstructions(client);
    showPreviews(client);
    followServices(client);
    client.onDidChangeState(whileCurrent(({ newState }) => this.followState(newState)));
    // The client logs why it could not start and changes its state, which is followed.
    client.start().catch(() => undefined);
  }

  private async dispose(client: LanguageClient | undefined): Promise<void> {
    try {
      await client?.dispose();
    } catch (error) {
      // The library kills a server that does not stop in time, so that the next one may start.
      this.log.warn(`The server did not stop properly: ${String(error)}`);
    }
  }

  /** A server that ran is started again, unless it keeps crashing; one that never ran is not. */
  private decideAfterCrash(client: LanguageClient): CloseHandlerResult {
    if (client !== this.client || client.state !== State.Running) {
      return { action: CloseAction.DoNotRestart };
    }
    const now = Date.now();
    this.crashTimes = [...this.crashTimes.filter((time) => now - time < CRASH_WINDOW_MS), now];
    if (this.crashTimes.length <= MAX_CRASHES) {
      return { action: CloseAction.Restart };
    }
    this.fail('Cloister keeps crashing: read the log, then restart it.');
    return { action: CloseAction.DoNotRestart };
  }

  private followState(state: State): void {
    if (state === State.Starting) {
      this.onStatus({ state: 'starting' });
    } else if (state === State.Running) {
      this.onStatus({ state: 'ready' });
    } else if (state === State.StartFailed) {
      this.fail('Cloister could not start: read the log, then restart it.');
    }
  }

  private fail(message: string): void {
    this.log.error(message);
    this.onStatus({ state: 'error', message });
    this.onFailure(message);
  }
}

/** Logs its errors without showing them: for one failure the library would show several. */
class QuietLanguageClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** The languages that start the extension are those that it serves. */
const LANGUAGES = manifest.activationEvents.map((event) => event.replace('onLanguage:', ''));

function createClient(
  program: string,
  log: vscode.LogOutputChannel,
  errorHandler: ErrorHandler,
): LanguageClient {
  const progress = new CancellableProgress();
  const client: LanguageClient = new QuietLanguageClient(
    SECTION,
    'Cloister',
    // Not started in the workspace: nothing that lies there may change what the program loads.
    { command: program, args: ['lsp'], options: { cwd: homedir() } },
    {
      documentSelector: LANGUAGES.flatMap((language) =>
        ['file', 'untitled'].map((scheme) => ({ language, scheme })),
      ),
      // Before the first settings arrive as well, nothing leaves an untrusted workspace.
      initializationOptions: {
        statusNotifications: true,
        completionNotifications: true,
        previewNotifications: true,
        renameRequests: true,
        instructionRequests: true,
        localOnly: !vscode.workspace.isTrusted,
      },
      initializationFailedHandler: () => false,
      synchronize: { configurationSection: SECTION },
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      stdioOptions: { stdout: copyLog, stderr: copyLog },
      errorHandler,
      middleware: {
        provideInlineCompletionItems: (document, position, context, token, next) =>
          readSettings().enabled ? next(document, position, context, token) : undefined,
        // VS Code shows inline completions; the list is the server's answer to other editors.
        provideCompletionItem: () => undefined,
        resolveCodeAction: resolveUnchanged,
        handleWorkDoneProgress: (token, step, next) => progress.handle(client, token, step, next),
        workspace: {
          didChangeConfiguration: () =>
            client.sendNotification(DidChangeConfigurationNotification.type, {
              settings: { [SECTION]: chosenSettings() },
            }),
        },
      },
    },
  );
  progress.follow(client);
  return client;
}

/** Copies the server's log, each line at its own level. */
function copyLog(output: Readable, log: vscode.LogOutputChannel): void {
  createInterface({ input: output }).on('line', (line) => {
    const [, level, text] = /^\S+ \S+ (DEBUG|INFO|WARNING|ERROR) (.*)$/.exec(line) ?? [];
    if (level === 'ERROR') {
      log.error(text ?? '');
    } else if (level === 'WARNING') {
      log.warn(text ?? '');
    } else {
      // The server has left out what `cloister.logLevel` does not ask for; VS Code's own level
      // would leave out its debug lines again.
      log.info(text ?? line);
    }
  });
}
