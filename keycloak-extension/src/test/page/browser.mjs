import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where pictures go; none are taken when it is not set. */
const { SHOTS, FAILED_SHOTS } = process.env;

let browser;

async function launch() {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-background-networking"] });
  return browser;
}

export async function quit() {
  await browser?.close();
  browser = undefined;
}

/**
 * Gives a story a browser window of its own. After it: no script failed, and the content security
 * policy was kept.
 */
export async function inWindow({ dark = false, width = 1280, height = 800, patience = 8000 }, tell) {
  const context = await (await launch()).newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => /Content Security Policy|Warning:/.test(message.text()) && wrong.push(message.text()));
  try {
    await tell(page);
    assert.deepEqual(wrong, []);
  } catch (failed) {
    if (FAILED_SHOTS) {
      await page.screenshot({ path: `${FAILED_SHOTS}/${Date.now()}.png` });
    }
    throw failed;
  } finally {
    await context.close();
  }
}

/** Nothing serious or critical for people who use the keyboard or a screen reader. */
export async function accessible(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const bad = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(bad.map(({ id, nodes }) => [id, nodes.map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`)]), []);
}

export const picturesWanted = SHOTS !== undefined;

export async function shot(page, name, options = {}) {
  if (SHOTS) {
    mkdirSync(SHOTS, { recursive: true });
    await page.waitForTimeout(150);
    await page.screenshot({ path: `${SHOTS}/${name}.png`, ...options });
  }
}
