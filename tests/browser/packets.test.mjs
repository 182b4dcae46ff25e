// Whole packets: their headers and bytes, with commands or without, and links to them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { captureOf, choose, missing, open, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

const FIRST = captureOf("msnp8-signin-chat");

test("packets tell which commands they complete, are shown whole, and lead to the commands", { skip }, async () => {
  const page = await browser.page({ hash: "#packets" });
  await open(page, captureOf("msnp8-signin-chat"));
  const row = page.locator(".slab .row", { hasText: "SYN 8, GTC, BLP" });
  await row.click();
  const title = page.locator(".inspector h2");
  await title.filter({ hasText: /^A TCP segment \(PSH, ACK\) that carries/ }).waitFor();
  assert.match(await row.getAttribute("class"), /selected/);
  const named = await page.waitForFunction(() => location.hash.match(/packet=(\d+)$/)?.[1]);
  const packet = Number(await named.jsonValue());
  const source = page.locator(".bytes [role=tab]");
  assert.match((await source.allTextContents()).join("|"), new RegExp(`^Command\\|Packet ${packet}, \\d+ B$`));
  const field = (name) => page.locator(".inspector .fields .row", { hasText: name }).first();
  await field("Destination port").click();
  await page.locator(".explanation", { hasText: /tcp\.dstport[^]*1863/ }).waitFor();
  await page.locator(".bytes .at", { hasText: /^2 bytes/ }).waitFor();
  const go = async (place) => {
    await page.keyboard.press("g");
    await page.locator(".seek-input").fill(place);
    await page.keyboard.press("Enter");
  };
  // Every other packet is there too, whether a command ends in it or not.
  await go(`#${packet + 1}`);
  await page.waitForFunction((packet) => location.hash.endsWith(`packet=${packet}`), packet + 1);
  await go("#1");
  await title.filter({ hasText: /^A UDP datagram that carries/ }).waitFor();
  assert.match(await page.locator(".inspector .said p").textContent(), /^Packet 1, .* → .*\. No command ends in it\.$/);
  await page.waitForFunction(() => location.hash === "#packets?packet=1");
  await page.goBack();
  await page.waitForFunction((packet) => location.hash.endsWith(`packet=${packet}`), packet + 1);
  await page.goBack();
  await page.locator(".inspector .said button.link", { hasText: "SYN 8" }).click();
  await title.filter({ hasText: /contact list/ }).waitFor();
  await source.filter({ hasText: `Packet ${packet}` }).click();
  await title.filter({ hasText: /^A TCP segment/ }).waitFor();
  await source.filter({ hasText: "Command" }).click();
  await title.filter({ hasText: /contact list/ }).waitFor();
  assert.match(await row.getAttribute("class"), /selected/);
  assert.deepEqual(page.complaints, []);
  await page.keyboard.press("2");
  assert.match(await page.locator(".slab .row.selected .verb").textContent(), /SYN8/);
});

test("all packets are listed, and opened by pointer and keys", { skip }, async () => {
  const page = await browser.page({ hash: "#packets" });
  await open(page, FIRST);
  await page.locator(".slab .row").first().waitFor();
  await page.getByRole("button", { name: "All packets" }).click();
  const opening = page.locator(".slab .row", { hasText: "SYN, ACK" }).first();
  await opening.click();
  const title = page.locator(".inspector h2");
  await title.filter({ hasText: "A TCP segment (SYN, ACK) without a payload." }).waitFor();
  const number = async () => {
    const named = await page.waitForFunction(() => location.hash.match(/packet=(\d+)$/)?.[1]);
    return Number(await named.jsonValue());
  };
  const before = await number();
  await page.locator(".split .rows").first().focus();
  await page.keyboard.press("ArrowDown");
  await title.filter({ hasText: "A TCP segment (ACK) without a payload." }).waitFor();
  await page.waitForFunction((packet) => location.hash.endsWith(`packet=${packet}`), before + 1);
  assert.equal(await page.locator(".slab .row.selected").count(), 1);
  await page.keyboard.press("End");
  await page.waitForFunction((first) => Number(location.hash.match(/packet=(\d+)$/)?.[1]) > first + 10, before);
  assert.equal(Number((await page.locator(".pane-head .quiet").textContent()).match(/^(\d+) packets$/)[1]), await number());
  assert.deepEqual(page.complaints, []);
});

test("packets of compressed and of several captures are read again, and hide what is hidden", { skip }, async () => {
  const page = await browser.page({ hash: "#packets" });
  const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });
  const whole = readFileSync(FIRST);
  await choose(page, [file("one.pcap.gz", gzipSync(whole)), file("two.pcapng", readFileSync(captureOf("msnp8-chat-two-interfaces")))]);
  // It stands further down than the rows that exist at first.
  await page.locator(".slab .row").first().click();
  for (const _ of [1, 2]) {
    const before = await page.evaluate(() => location.hash);
    await page.keyboard.press("PageDown");
    await page.waitForFunction((before) => location.hash !== before, before);
  }
  await page.locator(".slab .row", { hasText: "SYN 8, GTC, BLP" }).click();
  const said = page.locator(".inspector .said p");
  await said.filter({ hasText: "(one.pcap.gz: " }).waitFor();
  await page.keyboard.press("ArrowUp");
  const secret = page.locator(".inspector .fields .row", { hasText: "Command" }).first();
  await secret.waitFor();
  await page.keyboard.press("r");
  await page.locator(".status", { hasText: "Redacted" }).waitFor();
  await page.locator(".inspector .fields .row", { hasText: "Payload" }).first().click();
  assert.match(await page.locator(".explanation").textContent(), /Pseudonyms fit in commands only/);
  assert.doesNotMatch((await page.locator(".bytes .text").allTextContents()).join(""), /MSNP|alice/);
  assert.deepEqual(page.complaints, []);
});
