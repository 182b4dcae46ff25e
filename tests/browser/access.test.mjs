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
  refused: (page) => choose(page, { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("no capture at all\n") }),
  overview: (page) => open(page, captureOf("msnp11-chat-lost-segment")),
  ladder: (page) => view(page, "2", "msnp8-signin-chat"),
  commands: (page) => view(page, "3", "msnp8-signin-chat"),
  findings: (page) => view(page, "4", "msnp15-errors-and-oddities"),
  "no msnp": (page) => open(page, captureOf("non-msnp-web")),
  cut: (page) => open(page, captureOf("msnp9-chat-cut-in-packet")),
  keys: (page) => page.keyboard.press("?"),
};

/** A list with a row, a field and a payload open. */
async function view(page, key, name) {
  await open(page, captureOf(name));
  await page.keyboard.press(key);
  const row = page.locator(".slab .row:not(.heading):not(.silence)").nth(8);
  await row.click({ position: { x: 30, y: 8 } });
  await page.locator(".fields .row").nth(1).click();
  const fold = page.locator(".fold-payload").first();
  if (await fold.isVisible()) await fold.click();
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

for (const width of [320, 400, 768, 1280]) {
  for (const [name, reach] of Object.entries(STATES)) {
    test(`no sideways scrolling at ${width}: ${name}`, { skip }, async () => {
      const page = await browser.page({ width, height: 860, hasTouch: width < 700 });
      await reach(page);
      await page.waitForTimeout(150);
      const { scroll, client } = await page.evaluate(() => ({
        scroll: Math.max(document.documentElement.scrollWidth, document.querySelector(".app").scrollWidth),
        client: document.documentElement.clientWidth,
      }));
      assert.ok(scroll <= client, `${scroll} > ${client}`);
      const outside = await page.evaluate(() => {
        const inside = (element) => element.closest(".scroll-x, .rows, [role=tablist], .unseen, dialog");
        const wide = [...document.querySelectorAll(".app button, .app h1, .app h2, .app p")].filter((element) => {
          const box = element.getBoundingClientRect();
          return box.width > 0 && !inside(element) && box.right > document.documentElement.clientWidth + 1;
        });
        return wide.map((element) => element.textContent.slice(0, 40));
      });
      assert.deepEqual(outside, []);
    });
  }
}
