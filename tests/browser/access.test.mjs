// For everybody: the rules that axe can check, in every state and both colours; and narrow screens.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { captureOf, choose, missing, open, packageFile, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

const STATES = {
  empty: async () => {},
  refused: (page) => refused(page),
  overview: (page) => open(page, captureOf("msnp11-chat-lost-segment")),
  several: (page) => open(page, [captureOf("msnp8-signin-chat"), captureOf("msnp9-chat-cut-in-packet")]),
  ladder: (page) => view(page, "2", "msnp8-signin-chat"),
  commands: (page) => view(page, "3", "msnp8-signin-chat"),
  chats: (page) => story(page, "4", "msnp8-signin-chat", ".bubble"),
  people: (page) => story(page, "5", "msnp11-signed-in-elsewhere", ".packet"),
  transfers: (page) => story(page, "6", "msnp11-pictures-p2p", ".chunk-card .link"),
  "transfer with holes": (page) => story(page, "6", "msnp9-file-p2p-lossy", ".chunk-card .link"),
  arrivals: (page) => arrivals(page),
  packets: (page) => view(page, "8", "msnp8-signin-chat"),
  findings: (page) => view(page, "7", "msnp15-errors-and-oddities"),
  "no msnp": (page) => open(page, captureOf("non-msnp-web")),
  cut: (page) => open(page, captureOf("msnp9-chat-cut-in-packet")),
  keys: (page) => keys(page),
};

/** What is no capture. */
async function refused(page) {
  await choose(page, { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("no capture at all\n") });
  await page.getByRole("alert").waitFor();
}

/** The key sheet. */
async function keys(page) {
  await page.keyboard.press("?");
  await page.locator("dialog").waitFor();
}

/** A view of the story, with something in it selected. */
async function story(page, key, name, selects) {
  await open(page, captureOf(name));
  await page.keyboard.press(key);
  await page.locator(selects).first().click();
  await page.locator(".fields .row").first().waitFor();
}

/** The table of a transfer's arrivals. */
async function arrivals(page) {
  await open(page, captureOf("msnp11-pictures-p2p"));
  await page.keyboard.press("6");
  await page.getByRole("button", { name: "Table" }).click();
  await page.locator(".arrivals .row").first().click();
  await page.locator(".fields .row").first().waitFor();
}

/** A list with a row, a field and a payload open. */
async function view(page, key, name) {
  await open(page, captureOf(name));
  await page.keyboard.press(key);
  const row = page.locator(".slab .row:not(.heading):not(.silence)").nth(8);
  await row.click({ position: { x: 30, y: 8 } });
  await page.locator(".fields .row").nth(1).click();
  const fold = page.locator(".fold-payload").first();
  // Where the sheet of the inspector lies over it, it can still be reached by keyboard.
  if (await fold.isVisible()) await fold.evaluate((button) => button.click());
}

/** Rules of axe that a page breaks, each with the first places. */
async function violations(page) {
  // The page's own policy admits no foreign script; the debugger's door does.
  const { readFileSync } = await import("node:fs");
  await page.evaluate(readFileSync(packageFile("axe-core/axe.min.js"), "utf8"));
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`);
}

for (const colorScheme of ["light", "dark"]) {
  for (const [name, reach] of Object.entries(STATES)) {
    test(`axe finds nothing: ${name}, ${colorScheme}`, { skip }, async () => {
      const page = await browser.page({ colorScheme });
      await reach(page);
      await page.waitForTimeout(200);
      assert.deepEqual(await violations(page), []);
    });
  }
}

for (const [name, reach] of Object.entries(STATES)) {
  test(`nothing sticks out: ${name}`, { skip }, async () => {
    // Reached on the narrow screen, where all is hardest, then made wider.
    const page = await browser.page({ width: 400, height: 860, hasTouch: true });
    await reach(page);
    for (const width of [400, 320, 768, 1024, 1280]) {
      await page.setViewportSize({ width, height: 860 });
      await page.waitForTimeout(150);
      assert.deepEqual(await outside(page), [], `at ${width}`);
    }
  });
}

/** What reaches beyond the right edge, and the page itself if it scrolls, sideways or down. */
function outside(page) {
  return page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    const page = document.documentElement;
    const scrolls = [page, document.querySelector(".app")].filter((element) => element.scrollWidth > edge);
    // With a capture open the page is as high as the screen: its parts scroll.
    if (document.querySelector(".status") && page.scrollHeight > page.clientHeight) scrolls.push(page);
    const inside = (element) => element.closest(".scroll-x, .rows, [role=tablist], .unseen, dialog");
    const wide = [...document.querySelectorAll(".app button, .app h1, .app h2, .app p, .app select")].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && !inside(element) && box.right > edge + 1;
    });
    return [...scrolls, ...wide].map((element) => `${element.tagName} ${element.textContent.slice(0, 40)}`);
  });
}
