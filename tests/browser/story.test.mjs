// Chats and people: what the capture tells, each fact linked to the command that says so.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { captureOf, missing, open, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

async function view(hash, name = "msnp8-signin-chat") {
  const page = await browser.page({ hash });
  await open(page, captureOf(name));
  return page;
}

test("a chat reads like a chat, and a bubble leads to its bytes", { skip }, async () => {
  const page = await view("#chats");
  const first = page.locator(".bubble").first();
  await first.waitFor();
  const words = await first.textContent();
  await first.click();
  await page.locator(".fields .row", { hasText: words.slice(0, 8) }).waitFor();
  assert.match(await page.locator(".status").textContent(), /Selected: MSG/);
  assert.equal(await page.locator(".bubble.selected").count(), 1);
});

test("typing is shown on request", { skip }, async () => {
  const page = await view("#chats");
  await page.locator(".bubble").first().waitFor();
  const typing = page.locator(".note", { hasText: "is typing" });
  assert.equal(await typing.count(), 0);
  await page.getByRole("button", { name: "Typing" }).click();
  assert.notEqual(await typing.count(), 0);
});

test("people are told with their times, and an alarm leads to its command", { skip }, async () => {
  const page = await view("#people", "msnp11-signed-in-elsewhere");
  const alarm = page.locator(".sign-in p.alarm");
  await alarm.waitFor();
  assert.match(await alarm.textContent(), /Signed in elsewhere at \d\d:\d\d:\d\d\.\d{3} UTC/);
  await alarm.locator(".packet").click();
  assert.match(await page.locator(".status").textContent(), /Selected: OUT/);
  await page.locator(".presence .bar.online").first().waitFor();
  await page.getByRole("button", { name: "Table" }).click();
  assert.notEqual(await page.locator(".people td", { hasText: "online" }).count(), 0);
  assert.notEqual(await page.locator(".contacts tbody tr").count(), 0);
});

test("the keys 4 and 5 show chats and people", { skip }, async () => {
  const page = await view("#overview");
  await page.keyboard.press("4");
  await page.locator(".bubble").first().waitFor();
  await page.keyboard.press("5");
  await page.getByRole("heading", { name: "Presence" }).waitFor();
  assert.match(page.url(), /#people/);
});

test("the overview lists what the capture does not show", { skip }, async () => {
  const page = await view("#overview", "msnp12-chat-midstream");
  const entry = page.locator(".ledger li", { hasText: "The beginning of this chat is not in the capture" }).first();
  await entry.waitFor();
  assert.match(await entry.textContent(), /\(chat \d\)\.\d\d:\d\d:\d\d.* UTC, packet \d+/);
  await entry.getByRole("button").click();
  await page.locator(".fields .row").first().waitFor();
});
