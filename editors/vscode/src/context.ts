/** What the model sees at the cursor: a read-only Markdown document beside the code. */

import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import * as vscode from 'vscode';

import type { Server } from './server';

const SCHEME = 'cloister';
const REPORT = vscode.Uri.from({ scheme: SCHEME, path: '/What the model sees.md' });

/** Lines count from 1, the last one is included. */
interface Snippet {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly source: string;
  readonly score: number;
  readonly reason: string;
  readonly tokens: number;
  readonly text: string;
}

/** What the server's command answers. */
interface Context {
  readonly prompt: string;
  readonly tokens: number;
  readonly ms: number;
  readonly snippets: readonly Snippet[];
}

/** Holds the latest report, and where its headings lead to. */
class Report implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private text = '';
  private targets: ReadonlyMap<string, vscode.Uri> = new Map();

  replace(text: string, targets: ReadonlyMap<string, vscode.Uri>): void {
    this.text = text;
    this.targets = targets;
    this.changed.fire(REPORT);
  }

  provideTextDocumentContent(): string {
    return this.text;
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const lines = Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line));
    return lines.flatMap(({ range, text }) => {
      const target = this.targets.get(text);
      return target === undefined ? [] : [new vscode.DocumentLink(range, target)];
    });
  }
}

export function registerContextReport(server: Server): vscode.Disposable[] {
  const report = new Report();
  return [
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, report),
    vscode.languages.registerDocumentLinkProvider({ scheme: SCHEME }, report),
    // The client registers the server's own command, `cloister.showContext`.
    vscode.commands.registerCommand('cloister.showPrompt', () => showReport(server, report)),
  ];
}

async function showReport(server: Server, report: Report): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const context = editor && (await findContext(server, editor));
  if (!editor || !context) {
    const message = 'Put the cursor into a Python file, then ask what the model sees there.';
    await vscode.window.showInformationMessage(message);
    return;
  }
  const { document, selection } = editor;
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  const place = `${vscode.workspace.asRelativePath(document.uri)}:${selection.active.line + 1}`;
  report.replace(describe(place, context), findTargets(context.snippets, folder));
  await vscode.window.showTextDocument(REPORT, {
    viewColumn: vscode.ViewColumn.Beside,
    preserveFocus: true,
    preview: false,
  });
}

function findContext(server: Server, editor: vscode.TextEditor): Thenable<Context | null> {
  const { document, selection } = editor;
  const { line, character } = selection.active;
  const place = { uri: document.uri.toString(), position: { line, character } };
  const title = 'Cloister: gathering what the model sees';
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
    server.execute<Context>('cloister.showContext', place),
  );
}

/** Returns where headings lead to: what is no file, such as copied text, leads nowhere. */
function findTargets(
  snippets: readonly Snippet[],
  folder: vscode.WorkspaceFolder | undefined,
): Map<string, vscode.Uri> {
  const targets = new Map<string, vscode.Uri>();
  for (const snippet of snippets) {
    const file = folder && vscode.Uri.joinPath(folder.uri, snippet.path);
    if (file !== undefined && existsSync(file.fsPath)) {
      targets.set(headingOf(snippet), file.with({ fragment: `L${snippet.start_line}` }));
    }
  }
  return targets;
}

function describe(place: string, context: Context): string {
  const parts = [
    `# What the model sees at ${place}`,
    describeSums(context),
    ...context.snippets.flatMap((snippet) => [
      headingOf(snippet),
      describeProvenance(snippet),
      fence(snippet.text, extname(snippet.path).slice(1)),
    ]),
    '## The whole prompt',
    fence(context.prompt, ''),
  ];
  return `${parts.join('\n\n')}\n`;
}

function describeSums({ tokens, ms, snippets }: Context): string {
  const sums = `${tokens} tokens, gathered in ${Math.round(ms)} ms.`;
  const ofOthers = snippets.reduce((sum, snippet) => sum + snippet.tokens, 0);
  return snippets.length === 0
    ? `${sums} Nothing of other places: the model's context may be too small for more than the file, or the index is still being built.`
    : `${sums} ${ofOthers} tokens are from ${snippets.length} other places.`;
}

function headingOf({ path, start_line: first, end_line: last }: Snippet): string {
  return `## ${path}:${first === last ? first : `${first}-${last}`}`;
}

function describeProvenance({ source, reason, score, tokens }: Snippet): string {
  return `${source}: ${reason} (score ${score.toFixed(4)}, ${tokens} tokens)`;
}

/** Returns a block of code, in a fence that is longer than any in the code. */
function fence(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}${language}\n${text.replace(/\r\n?/g, '\n').replace(/\n$/, '')}\n${mark}`;
}
