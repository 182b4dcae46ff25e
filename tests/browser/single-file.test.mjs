// The viewer as one file, opened from a disk: no server, no network, and a policy that forbids every connection.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { captureOf, choose, missing, root, start } from "./support/browser.mjs";

const file = process.env.MSNP_SINGLE_FILE ?? join(root, "target/msnp-viewer.html");
const skip = missing() || lacksFile();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

function lacksFile() {
  if (existsSync(file)) return false;
  if (process.env.MSNP_REQUIRE_TOOLS === "1") throw new Error(`no single file at ${file}`);
  return `SKIPPED: no single file at ${file}; run cargo xtask single-file`;
}

async function fromDisk() {
  const page = await browser.page();
  // What the served page was still fetching is none of this file's business.
  await page.goto("about:blank");
  page.complaints.length = 0;
  await page.context().setOffline(true);
  await page.goto(pathToFileURL(file).href);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

test("a sample opens, and a field is explained", { skip }, async () => {
  const page = await fromDisk();
  await page.getByRole("button", { name: /A first chat/ }).first().click();
  await page.locator(".status", { hasText: "All read" }).waitFor();
  await page.keyboard.press("2");
  await page.locator(".row", { has: page.locator(".verb", { hasText: "VER1" }) }).first().click();
  await page.locator(".fields .row", { hasText: "Transaction" }).click();
  assert.match(await page.locator(".explanation").textContent(), /msnp\.trid/);
  await page.waitForURL(/^file:.*#ladder/);
  assert.deepEqual(page.complaints, []);
});

test("a capture of one's own opens, and going back works", { skip }, async () => {
  const page = await fromDisk();
  await choose(page, captureOf("msnp11-picture-p2p"));
  await page.locator(".status", { hasText: "All read" }).waitFor();
  await page.keyboard.press("6");
  await page.locator(".picture img").first().waitFor();
  await page.goBack();
  await page.waitForURL(/#overview|html$/);
  assert.deepEqual(page.complaints, []);
});

test("nothing can be connected to, from the page or from its worker", { skip }, async () => {
  const page = await fromDisk();
  await page.context().setOffline(false);
  const refused = (url) => fetch(url).then(() => "open", () => "refused");
  assert.equal(await page.evaluate(refused, browser.url), "refused");
  const program = `(${refused})(${JSON.stringify(browser.url)}).then((said) => postMessage(said))`;
  const fromWorker = await page.evaluate(
    (program) =>
      new Promise((done) => {
        const worker = new Worker(URL.createObjectURL(new Blob([program], { type: "text/javascript" })));
        worker.onmessage = ({ data }) => done(data);
      }),
    program,
  );
  assert.equal(fromWorker, "refused");
});
