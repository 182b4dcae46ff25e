// Measures reading, scrolling and filtering of a capture of 500,000 commands in Chromium: what each costs the page.
//
//     MSNP_CHROMIUM=… node page-scroll.mjs URL
//
// What is counted is work of the main thread, by the browser's own books: that of our program for a picture, and the longest
// task, during which the page would not answer.

import { chromium } from "playwright-core";
import { many } from "../tests/browser/support/capture.mjs";
import { longest, settle, told } from "./tasks.mjs";

const COMMANDS = 500_000;
/** What the figures are meant to be at most, in milliseconds. */
const MOST = { picture: 8, task: 50 };
const PATIENCE_MS = 120_000;
/** How it is scrolled: pixels with each turn of the wheel, and how many turns. By input, as a person does it: a script that
 * sets how far a list is scrolled has the browser lay the page out there and then, which is work of the script's. */
const SCROLLS = [
  ["by a wheel", 100, 240],
  ["in great leaps", 3000, 120],
];

const [url] = process.argv.slice(2);
const capture = many(COMMANDS);
const browser = await chromium.launch({
  executablePath: process.env.MSNP_CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  console.log(`${capture.commands} commands`);
  await page.goto(`${url}#ladder`);
  await page.locator("input[type=file]").first().waitFor({ state: "attached" });
  await settle(page);
  await task(page, "reading", async () => {
    await page.locator("input[type=file]").first().setInputFiles(capture.path);
    await page.locator(".status", { hasText: "All read" }).waitFor({ state: "attached", timeout: PATIENCE_MS });
  });
  await task(page, "looking at every command", async () => {
    await page.keyboard.press("7");
    await page.locator('.pane[aria-label="Findings"] .findings .row').first().waitFor({ timeout: PATIENCE_MS });
  });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  for (const [key, view] of [["2", "Ladder"], ["3", "Commands"]]) {
    await task(page, `${view.toLowerCase()} opened`, async () => {
      await page.keyboard.press(key);
      await page.locator(`.pane[aria-label="${view}"] .rows .row`).first().waitFor();
    });
    for (const [how, pixels, turns] of SCROLLS) {
      await page.locator(".split .rows").first().hover();
      const before = await books(session);
      const { pictures } = await task(page, `${view.toLowerCase()} scrolled ${how}`, () => scroll(page, pixels, turns));
      const after = await books(session);
      const each = (name) => ((after[name] - before[name]) * 1000) / Math.max(pictures, 1);
      const ours = each("ScriptDuration");
      console.log(`  our work for a picture ${ours.toFixed(1)} ms, all work ${each("TaskDuration").toFixed(1)} ms`);
      console.log(`  target: our work ${judged(ours, MOST.picture)} ms`);
    }
  }
  for (const filter of ["MSG", 'msnp.text contains "nobody"']) {
    await task(page, `filter ${filter}`, async () => {
      await page.locator(".filter-input").fill(filter);
      await page.locator(".filter-count", { hasText: " · " }).waitFor({ timeout: PATIENCE_MS });
    });
  }
} finally {
  await browser.close();
  capture.remove();
}

/** Turns the wheel over the list, and waits until it stands still. */
async function scroll(page, pixels, turns) {
  for (let turn = 0; turn < turns; turn += 1) await page.mouse.wheel(0, pixels);
  await page.waitForTimeout(300);
}

/** Does something, and prints the longest task meanwhile. */
async function task(page, name, work) {
  const most = await longest(page, work);
  console.log(`${name.padEnd(48)} longest task ${told(most)} ms`);
  console.log(`  target: task ${judged(most.processor, MOST.task)} ms`);
  return most;
}

/** A target, and whether a figure reaches it. */
function judged(figure, most) {
  return `${figure <= most ? "reached" : "missed"}: at most ${most}`;
}

async function books(session) {
  const { metrics } = await session.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}
