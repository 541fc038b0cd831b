/** What a person waits for and may cancel: a notification, once it takes longer than a moment. */

import * as vscode from 'vscode';
import {
  type HandleWorkDoneProgressSignature,
  type LanguageClient,
  type ProgressToken,
  State,
  WorkDoneProgressCancelNotification,
} from 'vscode-languageclient/node';

const MOMENT_MS = 500;

type Progress = Parameters<HandleWorkDoneProgressSignature>[1];

/** Shows progress that can be cancelled; the library would hide the button for that. */
export class CancellableProgress {
  private readonly waits = new Map<ProgressToken, Wait>();

  /** Takes part in a client's progress, and forgets what its server leaves unfinished. */
  follow(client: LanguageClient): void {
    client.onDidChangeState(({ newState }) => {
      if (newState !== State.Running) {
        this.waits.forEach((wait) => wait.end());
        this.waits.clear();
      }
    });
  }

  /** Shows one step, or leaves it to the library. */
  handle(
    client: LanguageClient,
    token: ProgressToken,
    progress: Progress,
    next: HandleWorkDoneProgressSignature,
  ): void {
    const wait = this.waits.get(token);
    if (progress.kind === 'begin' && progress.cancellable === true) {
      const cancel = (): void =>
        void client.sendNotification(WorkDoneProgressCancelNotification.type, { token });
      this.waits.set(token, new Wait(progress.title, progress.message ?? '', cancel));
    } else if (wait === undefined) {
      next(token, progress);
    } else if (progress.kind === 'report') {
      wait.report(progress.message ?? '');
    } else {
      wait.end();
      this.waits.delete(token);
      next(token, progress);
    }
  }
}

class Wait {
  private readonly ended: Promise<void>;
  private readonly timer: NodeJS.Timeout;
  private finish: () => void = () => undefined;
  private progress: vscode.Progress<{ message: string }> | undefined;

  constructor(
    title: string,
    private message: string,
    cancel: () => void,
  ) {
    this.ended = new Promise((resolve) => {
      this.finish = resolve;
    });
    this.timer = setTimeout(() => this.show(title, cancel), MOMENT_MS);
  }

  report(message: string): void {
    this.message = message;
    this.progress?.report({ message });
  }

  end(): void {
    clearTimeout(this.timer);
    this.finish();
  }

  private show(title: string, cancel: () => void): void {
    const location = vscode.ProgressLocation.Notification;
    void vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(cancel);
      this.progress = progress;
      progress.report({ message: this.message });
      return this.ended;
    });
  }
}
