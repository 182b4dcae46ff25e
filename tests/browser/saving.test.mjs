// What is saved of a capture: as a capture that opens again.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { captureOf, ladder as firstLadder, missing, open, start } from "./support/browser.mjs";

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
  await page.waitForFunction(() => [...document.querySelectorAll(".slab .row .verb")].every((verb) => /^MSG/.test(verb.textContent)));
  const texts = await page.locator(".slab .row", { has: page.locator(".verb") }).count();
  await page.locator(".rows").first().focus();
  await page.keyboard.press("e");
  const { name, bytes } = await saved(page, /^filtered/, "Capture");
  assert.equal(name, "capture-part.pcap");
  const told = await page.locator(".status", { hasText: /Saved/ }).textContent();
  const [, commands, packets] = told.match(/Saved (\d+) commands in (\d+) packets\./).map(Number);
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
