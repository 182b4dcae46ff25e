// What is saved of a capture: as a capture that opens again.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { captureOf, choose, ladder as firstLadder, missing, open, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

/** Chooses a part and a form in the export menu, which is open; gives the file. */
async function saved(page, part, form) {
  const sheet = page.locator(".menu-sheet");
  await sheet.getByRole("radio", { name: part }).check();
  const [download] = await Promise.all([page.waitForEvent("download"), sheet.getByRole("button", { name: form }).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** How many packets tshark finds in a file; nothing without tshark. */
function counted(bytes) {
  const folder = mkdtempSync(join(tmpdir(), "msnp-saved-"));
  const file = join(folder, "saved");
  writeFileSync(file, bytes);
  chmodSync(folder, 0o755);
  chmodSync(file, 0o644);
  try {
    return execFileSync("tshark", ["-r", file, "-T", "fields", "-e", "frame.number"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trimEnd().split("\n").length;
  } catch (error) {
    if (error.code === "ENOENT" && process.env.MSNP_REQUIRE_TOOLS !== "1") return undefined;
    throw error;
  }
}

test("filtered commands are saved as a capture that tshark and the page open, with their packets", { skip }, async () => {
  const page = await firstLadder(browser);
  await page.locator(".filter-input").fill("msnp.verb == \"MSG\" && msnp.text");
  await page.locator(".pane-head .quiet", { hasText: /^\d+ rows$/ }).waitFor();
  await page.waitForFunction(() => {
    const verbs = [...document.querySelectorAll(".slab .row .verb")];
    return verbs.length > 0 && verbs.every((verb) => /^MSG/.test(verb.textContent));
  });
  const texts = await page.locator(".slab .row", { has: page.locator(".verb") }).count();
  await page.locator(".rows").first().focus();
  await page.keyboard.press("e");
  const { name, bytes } = await saved(page, /^filtered/, "Capture");
  assert.equal(name, "capture-part.pcap");
  const told = await page.locator(".status", { hasText: /Saved/ }).textContent();
  const [, commands, packets] = told.match(/Saved (\d+) commands in (\d+) packets, as they were sent/).map(Number);
  assert.equal(commands, texts);
  assert.equal(packets, texts + 3, "and the handshake of the only room");
  const found = counted(bytes);
  if (found !== undefined) assert.equal(found, packets);
  await open(page, { name: "part.pcap", mimeType: "application/octet-stream", buffer: bytes });
  await page.locator(".counts", { hasText: `${commands} commands · ${packets} packets` }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a chat of a compressed capture is saved with all that belongs to it", { skip }, async () => {
  const page = await browser.page({ hash: "#chats" });
  const { gzipSync } = await import("node:zlib");
  await open(page, { name: "chat.pcap.gz", mimeType: "application/gzip", buffer: gzipSync(readFileSync(captureOf("msnp8-signin-chat"))) });
  await page.locator(".chat-row").first().waitFor();
  await page.getByRole("button", { name: /^Export/ }).click();
  const { bytes } = await saved(page, /^the chat with/, "Capture");
  await open(page, { name: "chat.pcap", mimeType: "application/octet-stream", buffer: bytes });
  await page.locator(".bubble", { hasText: "With pleasure. Shall we ask Carol too?" }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a chat is saved as a page that is only text", { skip }, async () => {
  const page = await browser.page({ hash: "#chats" });
  const bytes = readFileSync(captureOf("msnp8-signin-chat"));
  // Of the same length: only the payload says something else.
  const nasty = "<img src=x onerror=a()>";
  const at = bytes.indexOf("Hi Bob! Are you there?");
  assert.ok(at > 0);
  bytes.write(nasty.slice(0, 22), at);
  await open(page, { name: "nasty.pcap", mimeType: "application/octet-stream", buffer: bytes });
  await page.locator(".chat-row").first().waitFor();
  await page.locator("#export").click();
  const html = await saved(page, /^the chat with/, "HTML");
  assert.equal(html.name, "nasty-chats.html");
  const found = await page.evaluate((text) => {
    // The style is its own, and this page forbids any.
    const parsed = new DOMParser().parseFromString(text.replace(/<style>.*?<\/style>/s, ""), "text/html");
    return { images: parsed.querySelectorAll("img, script, a, link").length, text: parsed.body.textContent, title: parsed.title };
  }, html.bytes.toString("utf8"));
  assert.equal(found.images, 0);
  assert.ok(found.text.includes(nasty.slice(0, 22)), found.text);
  assert.equal(found.title, "Chats in nasty.pcap");
  await page.locator("#export").click();
  const json = await saved(page, /^the chat with/, "JSON");
  const records = JSON.parse(json.bytes.toString("utf8"));
  assert.deepEqual([records.redacted, records.secrets_hidden, records.capture], [false, true, "nasty.pcap"]);
  assert.ok(records.messages.length > 10 && records.messages.some((record) => record.text === "Bye Bob :)"));
  assert.deepEqual(page.complaints, []);
});

test("redaction hides people in all views and in what is saved, and is told", { skip }, async () => {
  const page = await firstLadder(browser);
  await page.keyboard.press("r");
  await page.locator(".status", { hasText: "Redacted" }).waitFor();
  for (const view of ["1", "2", "3", "4", "5"]) {
    await page.keyboard.press(view);
    await page.locator(view === "4" ? ".chat-row" : view === "5" ? ".sign-in" : view === "1" ? ".who tbody tr" : ".slab .row").first().waitFor();
    const shown = await page.locator("main").textContent();
    assert.doesNotMatch(shown, /alice@example\.com|bob@example\.com|Are you there/, `view ${view}`);
  }
  await page.keyboard.press("4");
  await page.locator(".chat-row").first().waitFor();
  await page.locator("#export").click();
  const { name, bytes } = await saved(page, /^the chat with/, "HTML");
  assert.equal(name, "capture-redacted-chats.html");
  assert.match(bytes.toString("utf8"), /Redacted: accounts/);
  await page.locator("#export").click();
  const capture = page.locator(".menu-sheet").getByRole("button", { name: "Capture" });
  assert.ok(await capture.isDisabled());
  assert.match(await capture.textContent(), /not while redacted/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("r");
  await page.keyboard.press("1");
  await page.locator(".who tbody", { hasText: "alice@example.com" }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a marked command is compared with another", { skip }, async () => {
  const page = await firstLadder(browser);
  const versions = page.locator(".slab .row", { has: page.locator(".verb", { hasText: /^VER/ }) });
  await versions.nth(0).click();
  await page.locator(".inspector .fields .row").first().waitFor();
  await page.keyboard.press("c");
  await page.locator(".status", { hasText: "is marked" }).waitFor();
  await versions.nth(1).click();
  await page.locator(".inspector[aria-busy=false]").waitFor();
  await page.keyboard.press("Shift+C");
  await page.locator(".compare tr.different, .compare tr.only").first().waitFor();
  const words = await page.locator(".compare .how").allTextContents();
  assert.ok(words.includes("equal") && words.some((word) => word !== "equal"), words.join());
  assert.deepEqual(page.complaints, []);
});

test("notes are shown in rows, saved with the work, and come back with it", { skip }, async () => {
  const page = await firstLadder(browser);
  await page.locator(".slab .row", { has: page.locator(".verb", { hasText: /^VER/ }) }).first().click();
  await page.locator(".inspector .fields .row").first().waitFor();
  await page.keyboard.press("n");
  await page.keyboard.type("<b>first</b> words");
  await page.keyboard.press("Enter");
  await page.locator(".slab .noted", { hasText: "<b>first</b> words" }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Control+s")]);
  assert.equal(download.suggestedFilename(), "capture-work.json");
  const bytes = readFileSync(await download.path());
  const work = JSON.parse(bytes.toString("utf8"));
  const { createHash } = await import("node:crypto");
  assert.equal(work.captures[0].sha256, createHash("sha256").update(readFileSync(captureOf("msnp8-signin-chat"))).digest("hex"));
  const fresh = await browser.page();
  // Its first form, which had one capture, is read too.
  const { captures, ...rest } = work;
  const first = Buffer.from(JSON.stringify({ ...rest, kind: "msnp saved work 1", capture: captures[0] }));
  await choose(fresh, { name: "capture-work.json", mimeType: "application/json", buffer: first });
  await fresh.locator("body", { hasText: "open it too" }).waitFor();
  await open(fresh, captureOf("msnp8-signin-chat"));
  await fresh.locator(".slab .row.selected .noted", { hasText: "<b>first</b> words" }).waitFor();
  await fresh.locator("#export").click();
  const text = await saved(fresh, /^all/, "Text");
  assert.match(text.bytes.toString("utf8"), /\[Note: <b>first<\/b> words\]/);
  // On another capture it says so.
  await open(fresh, captureOf("msnp11-chat-lost-segment"));
  await choose(fresh, { name: "capture-work.json", mimeType: "application/json", buffer: bytes });
  await fresh.locator(".banner", { hasText: "another capture" }).waitFor();
  assert.deepEqual([...page.complaints, ...fresh.complaints], []);
});
