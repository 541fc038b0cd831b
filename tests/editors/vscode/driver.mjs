// Types into VS Code as a person would and reports what a person would see.
//
// Usage: node driver.mjs BROWSER. Each line of standard input is {"action", ...parameters}; each
// answer is one line, {"value"} or {"error"}. Every wait has a deadline, so every line is answered.
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const DEADLINE_MS = 45_000;
const KEY_DELAY_MS = 60;
const STATUS_ITEM = '#cloister\\.cloister\\.status';

const browser = await chromium.launch({
  executablePath: process.argv[2],
  chromiumSandbox: false, // The superuser's browser cannot have one, and shows only our own pages.
  args: ['--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
});
const page = await browser.newPage({ viewport: { width: 1000, height: 620 }, locale: 'en-US' });
page.setDefaultTimeout(DEADLINE_MS);
await page.addInitScript(watch, STATUS_ITEM);

const actions = {
  async open({ url, file }) {
    await page.goto(url);
    // Quick Open is not ready as early as the explorer is.
    await page.getByRole('treeitem', { name: file }).dblclick();
    await page.locator('.tab.active', { hasText: file }).waitFor();
    await page.locator('.editor-instance .monaco-editor .view-lines').first().click();
  },
  /** Puts the cursor before the column; both are counted from 1, as VS Code shows them. */
  async goTo({ line, column }) {
    await page.keyboard.press('Control+g');
    await choose(`:${line}:${column}`, `line ${line}`);
  },
  async type({ text }) {
    await page.keyboard.type(text, { delay: KEY_DELAY_MS });
  },
  async press({ key }) {
    await page.keyboard.press(key);
  },
  async runCommand({ title }) {
    await page.keyboard.press('F1');
    await choose(`>${title}`, title);
  },
  async chooseFromMenu({ label }) {
    await page.locator(STATUS_ITEM).click();
    await choose(label, label);
  },
  /** Waits until the ghost text is `text`, or any text where `text` is null, and returns it. */
  async waitForGhost({ text }) {
    await page.waitForFunction((expected) => {
      const ghost = seen.readGhost();
      return expected === null ? ghost !== '' : ghost === expected;
    }, text);
    return page.evaluate(() => seen.readGhost());
  },
  async readGhost() {
    return page.evaluate(() => seen.readGhost());
  },
  /** Waits until the lines on the screen hold `text`; ghost text is no part of them. */
  async waitForText({ text }) {
    await page.waitForFunction((expected) => seen.readText().includes(expected), text);
  },
  /** Waits until the box for the message of a commit holds `text`. */
  async waitForMessageBox({ text }) {
    await page.locator('.scm-editor .view-line', { hasText: text }).first().waitFor();
  },
  /** Waits until the status bar item says `label`, or has said it since the last such wait. */
  async waitForStatus({ label }) {
    await page.waitForFunction((expected) => {
      const index = seen.statuses.indexOf(expected);
      return index >= 0 && seen.statuses.splice(0, index + 1).length > 0;
    }, label);
  },
  async readStatusTooltip() {
    await page.locator(STATUS_ITEM).hover();
    const tooltip = page.locator('.workbench-hover', { hasText: 'Cloister' });
    await tooltip.waitFor();
    return tooltip.innerText();
  },
  /** Waits until another program has written what `pattern` matches to a file. */
  async waitForFile({ path, pattern }) {
    const deadline = Date.now() + DEADLINE_MS;
    while (!existsSync(path) || !new RegExp(pattern).test(readFileSync(path, 'utf8'))) {
      if (Date.now() > deadline) {
        throw new Error(`${path} never held ${pattern}`);
      }
      await page.waitForTimeout(20);
    }
  },
  /** Follows the link in a document that holds `text`. */
  async followLink({ text }) {
    const link = page.locator('.view-line .detected-link', { hasText: text });
    // A click that is tried again would look for a link that the first one has left.
    await link.first().click({ modifiers: ['Control'], force: true });
  },
  /** Waits until the cursor is in this line of this file. */
  async waitForPlace({ file, line }) {
    await page.locator('.editor-group-container.active .tab.active', { hasText: file }).waitFor();
    await page.locator('#status\\.editor\\.selection', { hasText: `Ln ${line},` }).waitFor();
  },
  async waitForSaved({ file }) {
    await page.locator('.tab.active:not(.dirty)', { hasText: file }).waitFor();
  },
  async waitForToast({ text }) {
    await page.locator('.notification-list-item-message', { hasText: text }).first().waitFor();
  },
  /** Waits until the input box with this title is open. */
  async waitForInput({ text }) {
    await page.locator('.quick-input-widget .quick-input-title', { hasText: text }).waitFor();
  },
  /** Presses a button of the notification with this text. */
  async pressInToast({ text, button }) {
    const toast = page.locator('.notification-toast', { hasText: text });
    await toast.getByRole('button', { name: button }).click();
    await toast.waitFor({ state: 'hidden' });
  },
  /** Waits until what decorations add to the lines on the screen holds `text`. */
  async waitForDecoration({ text }) {
    await page.waitForFunction((expected) => seen.readDecorations().includes(expected), text);
  },
  async readDecorations() {
    return page.evaluate(() => seen.readDecorations());
  },
  /** Returns the text of every notification that was ever shown, also of those that went away. */
  async readToasts() {
    return page.evaluate(() => seen.toasts);
  },
  /** Waits until the open menu of code actions has a row with this text. */
  async waitForAction({ text }) {
    await page.locator('.action-widget .monaco-list-row', { hasText: text }).waitFor();
  },
  async chooseAction({ text }) {
    const row = page.locator('.action-widget .monaco-list-row', { hasText: text });
    await row.click();
    await row.waitFor({ state: 'hidden' });
  },
  async screenshot({ path }) {
    await page.screenshot({ path });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { action, ...parameters } = JSON.parse(line);
  try {
    answer({ value: (await actions[action](parameters)) ?? null });
  } catch (error) {
    answer({ error: String(error) });
  }
}
await browser.close();

/** Filters the open list, and presses Enter once the wanted row is the one that it would take. */
async function choose(filter, label) {
  await page.locator('.quick-input-widget input').fill(filter);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: label }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

function answer(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Runs in the page: offers what is on the screen, and keeps what comes and goes, as `seen`. */
function watch(statusItem) {
  const GHOST = '[class*="ghost-text"]';
  const select = (query) => [...document.querySelectorAll(query)];
  const textOf = (element) => element.textContent.replaceAll('\u00a0', ' ');

  function readGhost() {
    const inLine = select(`.view-line ${GHOST}`)
      .filter((element) => element.closest('.suggest-preview-text') === null)
      .map(textOf)
      .join('');
    // Further lines stand in a view zone, which counts as hidden although it is on the screen.
    return [inLine, ...select('.suggest-preview-text .view-line').map(textOf)].join('\n');
  }

  function readText() {
    const lines = select('.editor-instance .view-lines > .view-line');
    lines.sort((one, other) => parseFloat(one.style.top) - parseFloat(other.style.top));
    return lines.map(readTypedText).join('\n');
  }

  function readTypedText(line) {
    const copy = line.cloneNode(true);
    copy.querySelectorAll(GHOST).forEach((ghost) => ghost.remove());
    return textOf(copy);
  }

  function readDecorations() {
    const spans = select('.editor-instance .view-line span');
    const contents = spans.map((span) => getComputedStyle(span, '::after').content);
    return contents.filter((content) => content !== 'none' && content !== 'normal').join('\n');
  }

  const toasts = [];
  const statuses = [];
  let lastStatus;
  function look() {
    for (const toast of select('.notification-list-item-message').map(textOf)) {
      if (toast !== '' && !toasts.includes(toast)) {
        toasts.push(toast);
      }
    }
    const status = document.querySelector(`${statusItem} [aria-label]`)?.getAttribute('aria-label');
    if (status !== lastStatus) {
      lastStatus = status;
      statuses.push(status);
    }
  }
  const what = { attributeFilter: ['aria-label'], childList: true, subtree: true };
  new MutationObserver(look).observe(document, what);
  globalThis.seen = { readDecorations, readGhost, readText, statuses, toasts };
}
