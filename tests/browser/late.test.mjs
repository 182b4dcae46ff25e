// Answers that come late: they lead nowhere where nobody is any more, and nothing that was pressed is lost.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { captureOf, missing, open, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

/** A page whose worker's answers come as late as `window.late` says, in milliseconds, in their order. */
async function late(hash = "#packets") {
  const page = await browser.page({ hash });
  await page.addInitScript(() => {
    const Real = window.Worker;
    window.Worker = class extends Real {
      constructor(...args) {
        super(...args);
        this.addEventListener("message", (event) => {
          if (event.late) return;
          event.stopImmediatePropagation();
          const late = new MessageEvent("message", { data: event.data, ports: [...event.ports] });
          late.late = true;
          window.waiting = (window.waiting ?? 0) + 1;
          setTimeout(() => {
            window.waiting -= 1;
            this.dispatchEvent(late);
          }, window.late ?? 0);
        });
      }
    };
  });
  await page.reload();
  await open(page, captureOf("msnp8-signin-chat"));
  await page.locator(".slab .row").first().waitFor();
  return page;
}

/** Until every answer has come, and what it led to has been asked and answered too. */
async function settled(page) {
  for (let still = 0; still < 3; ) {
    await page.waitForTimeout(150);
    still = (await page.evaluate(() => window.waiting)) === 0 ? still + 1 : 0;
  }
}

test("what a place left behind asked for does not lead away from the one gone to", { skip }, async () => {
  const page = await late();
  const rows = page.locator(".slab .row");
  for (const index of [0, 1, 2]) {
    await rows.nth(index).click();
    await page.locator(`.slab .row.selected[id="row-${index}"]`).waitFor();
  }
  const places = await page.evaluate(async () => {
    window.late = 300;
    const places = [location.hash];
    for (const _ of [1, 2]) {
      const gone = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
      history.back();
      await gone;
      await new Promise((resolve) => setTimeout(resolve, 60));
      places.push(location.hash);
    }
    return places;
  });
  await settled(page);
  places.push(await page.evaluate(() => location.hash));
  assert.equal(new Set(places.slice(0, 3)).size, 3);
  assert.equal(places[3], places[2]);
  assert.match(await rows.first().getAttribute("class"), /selected/);
  assert.deepEqual(page.complaints, []);
});

test("keys pressed before the page has come after all count, and a click between them holds", { skip }, async () => {
  const page = await late();
  await page.keyboard.press("3");
  const selected = (pdu) => page.waitForFunction((pdu) => location.hash === `#commands/${pdu}`, pdu);
  const rows = page.locator(".split .rows");
  await rows.focus();
  await page.evaluate(() => (window.late = 300));
  for (const _ of [1, 2, 3]) await page.keyboard.press("ArrowDown");
  await selected(3);
  await page.locator(".slab .row.selected").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.locator(".slab .row", { hasText: /^9/ }).click();
  await selected(9);
  await settled(page);
  await selected(9);
  await page.keyboard.press("ArrowDown");
  await selected(10);
});

test("who has gone elsewhere is not led on by what was asked for before", { skip }, async () => {
  const page = await late("#commands/5");
  const place = () => page.evaluate(() => location.hash);
  await page.locator(".slab .row.selected").waitFor();
  await page.evaluate(() => (window.late = 400));
  const cases = [
    ["going to a command", async () => {
      await page.keyboard.press("g");
      await page.locator(".seek-input").fill("40");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
    }],
    ["something odd, and the bar that is opened meanwhile", async () => {
      await page.keyboard.press(".");
      await page.keyboard.press("g");
    }],
    ["finding", async () => {
      await page.keyboard.press("Control+f");
      await page.locator(".seek-input").fill("alice");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
    }],
    ["a step, and a note that is begun meanwhile", async () => {
      await page.locator(".split .rows").first().focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("n");
      await page.keyboard.type("odd");
    }],
  ];
  for (const [what, act] of cases) {
    await act();
    await settled(page);
    assert.equal(await place(), "#commands/5", what);
    if (what.startsWith("something odd")) {
      await page.locator(".seek-input").waitFor();
      await page.keyboard.press("Escape");
    }
  }
  assert.deepEqual(await page.locator(".slab .row.selected .noted bdi").allTextContents(), ["odd"]);
  assert.deepEqual(page.complaints, []);
});

test("rows that are selected with Shift are as many as keys were pressed", { skip }, async () => {
  const page = await late("#ladder/5");
  await page.locator(".slab .row.selected").waitFor();
  await page.locator(".split .rows").first().focus();
  await page.evaluate(() => (window.late = 300));
  for (const _ of [1, 2, 3]) await page.keyboard.press("Shift+ArrowDown");
  await page.waitForFunction(() => location.hash === "#ladder/8");
  await settled(page);
  assert.equal(await page.locator(".slab .row.ranged").count(), 4);
});

test("a sample that comes late does not replace the file that was chosen meanwhile", { skip }, async () => {
  const page = await browser.page();
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route("**/samples/**", async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest(/samples/);
  await page.getByRole("button", { name: /A first chat/ }).first().click();
  await asked;
  await open(page, captureOf("msnp11-file-declined"));
  const counts = await page.locator(".counts").textContent();
  const answered = page.waitForResponse(/samples/);
  release();
  await (await answered).finished();
  await page.waitForTimeout(500);
  assert.equal(await page.locator(".counts").textContent(), counts);
});
