// What is printed: all that is listed, in light colours, with the hash of what it comes from.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { ladder, missing, open, start } from "./support/browser.mjs";
import { chat } from "./support/capture.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

test("paper shows the rows and none of the bars", { skip }, async () => {
  const page = await ladder(browser, { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  for (const bar of [".rail", ".filter-bar", ".strip", ".status"]) assert.equal(await page.locator(bar).isVisible(), false, bar);
  assert.ok(await page.locator(".top .file").isVisible());
  const ground = await page.evaluate(() => getComputedStyle(document.querySelector(".pane")).color);
  assert.equal(ground, "rgb(25, 28, 27)", "ink of the light page");
  await page.waitForFunction(() => {
    const rows = document.querySelectorAll(".ladder .slab .row").length;
    const tall = document.querySelector(".ladder .rows").clientHeight / document.querySelector(".ladder .slab .row").offsetHeight;
    return rows > 20 && tall >= rows - 1;
  });
});

/** Has a page say when it asks the browser to print: it is said to begin, and not to end. */
async function catchPrint(page) {
  await page.evaluate(() => {
    window.print = () => {
      window.dispatchEvent(new Event("beforeprint"));
      window.asked = true;
    };
  });
}

/** A page that was asked to print, and would. */
async function printing(page) {
  await catchPrint(page);
  await page.keyboard.press("Control+p");
  await page.waitForFunction(() => window.asked);
}

/** Colours come back by an effect behind the rows. */
const repainted = (page, [shown, kept]) =>
  page.waitForFunction(
    ([shown, kept]) => document.documentElement.dataset.theme === shown && localStorage.getItem("msnp.theme") === kept,
    [shown, kept],
  );

const theme = (page) => page.evaluate(() => [document.documentElement.dataset.theme, localStorage.getItem("msnp.theme")]);

test("a print holds up to 1,000 rows with their arrows, and names the file by its hash", { skip }, async () => {
  const capture = chat("Bob", "Is anybody there?", 1_500);
  const page = await browser.page({ hash: "#ladder", colorScheme: "dark" });
  await open(page, { name: "long.pcap", mimeType: "", buffer: capture });
  const before = await theme(page);
  await printing(page);
  assert.deepEqual(await theme(page), ["light", before[1]], "paper is white, and nothing is remembered of it");
  assert.equal(await page.locator(".ladder .slab .row").count(), 1_000);
  await page.emulateMedia({ media: "print" });
  const head = await page.locator(".paper").innerText();
  assert.ok(head.includes(createHash("sha256").update(capture).digest("hex")), head);
  assert.match(head, /long\.pcap[^]*Ladder[^]*Rows 1 to 1,000 of 1,\d+ · Time, UTC/);
  // Each arrow lies in its row's part, wherever a page ends.
  const parts = await page.evaluate(() => [...document.querySelectorAll(".ladder .sheet")].map((sheet) => {
    const rows = [...sheet.querySelectorAll(".row")].reduce((sum, row) => sum + row.offsetHeight, 0);
    return [sheet.querySelector("canvas").offsetHeight, rows];
  }));
  assert.ok(parts.length > 150 && parts.every(([drawn, rows]) => Math.abs(drawn - rows) < 1), JSON.stringify(parts.slice(0, 9)));
  // The browser says when it has printed.
  const pages = (await page.pdf({ preferCSSPageSize: true })).toString("latin1").match(/\/Type \/Page\b/g).length;
  assert.ok(pages > 30, `${pages} pages`);
  await page.emulateMedia({ media: "screen" });
  await page.waitForFunction(() => document.querySelectorAll(".ladder .slab .row").length < 200);
  assert.equal(await page.locator(".paper").count(), 0);
  await repainted(page, before);
  assert.deepEqual(page.complaints, []);
});

test("selected rows are printed alone, and a chat with all that was said", { skip }, async () => {
  const page = await ladder(browser);
  await page.locator(".ladder .row .verb", { hasText: "VER1" }).first().click();
  await page.locator(".inspector h2").waitFor();
  for (let row = 2; row <= 4; row += 1) {
    await page.keyboard.press("Shift+ArrowDown");
    await page.waitForFunction((rows) => document.querySelectorAll(".row.ranged").length === rows, row);
  }
  await page.locator("#export").click();
  await catchPrint(page);
  await page.getByRole("button", { name: "Print" }).click();
  await page.waitForFunction(() => window.asked);
  assert.equal(await page.locator(".ladder .slab .row").count(), 4);
  const long = await browser.page({ hash: "#chats" });
  await open(long, { name: "long.pcap", mimeType: "", buffer: chat("Bob", "Is anybody there?", 700) });
  await long.locator(".bubble").first().waitFor();
  await printing(long);
  assert.equal(await long.locator(".bubble").count(), 700);
});

test("what the browser prints by itself is light too; a browser that does not print, and Escape, leave the page as it was", { skip }, async () => {
  const page = await ladder(browser, { colorScheme: "dark" });
  const before = await theme(page);
  const event = (name) => page.evaluate((name) => window.dispatchEvent(new Event(name)), name);
  await event("beforeprint");
  await page.locator(".ladder .sheet canvas").first().waitFor();
  // The strokes are those of a page that is light anyway; a dark one has other inks and grounds.
  const strokes = async (page) => {
    const drawn = await page.waitForFunction(() => {
      const canvas = document.querySelector(".ladder .sheet canvas");
      const blank = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
      return canvas.toDataURL() !== blank.toDataURL() && canvas.toDataURL();
    });
    return drawn.jsonValue();
  };
  const light = await ladder(browser, { colorScheme: "light" });
  await light.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await light.locator(".ladder .sheet canvas").first().waitFor();
  assert.equal(await strokes(page), await strokes(light));
  await event("afterprint");
  await page.locator(".ladder .sheet").first().waitFor({ state: "detached" });
  await repainted(page, before);
  await page.evaluate(() => (window.print = () => (window.asked = true)));
  await page.keyboard.press("Control+p");
  await page.waitForFunction(() => window.asked);
  await page.locator(".ladder .sheet").first().waitFor({ state: "detached" });
  await catchPrint(page);
  await page.keyboard.press("Control+p");
  await page.locator(".ladder .sheet").first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".ladder .sheet").first().waitFor({ state: "detached" });
  await repainted(page, before);
  assert.doesNotMatch(await page.locator(".status").textContent(), /prepared/);
});
