// Transfers: the list, the map of an object's bytes by pointer and by keyboard, the replay, the table, the bytes themselves.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { captureOf, choose, missing, open, start } from "./support/browser.mjs";
import { CHUNK, inOrder, picture, transfer } from "./support/transfer.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

const FILE = picture();

/** A picture of which the chunks 50 to 52 are missing, one comes twice, one twice and different, and one late. */
function holed() {
  const chunks = inOrder(FILE);
  const [late] = chunks.splice(33, 1);
  chunks.splice(36, 0, late);
  chunks.splice(14, 0, { ...chunks[12] });
  chunks.push({ ...chunks[60], bytes: Buffer.alloc(CHUNK, 7) });
  const kept = chunks.filter(({ offset }) => offset < 50 * CHUNK || offset >= 53 * CHUNK);
  return transfer({ name: "balloon.bmp", file: FILE, chunks: kept, acknowledged: false });
}

async function view(capture, options = {}) {
  const page = await browser.page({ hash: "#transfers", ...options });
  await open(page, capture);
  await page.locator(".transfer-row").first().waitFor();
  return page;
}

const file = (buffer) => ({ name: "transfer.pcap", mimeType: "application/octet-stream", buffer });

test("the list tells what came, in words, and checks hashes in the background", { skip }, async () => {
  const page = await view(captureOf("msnp11-pictures-p2p"));
  const rows = page.locator(".transfer-row");
  assert.equal(await rows.count(), 2);
  await rows.nth(0).locator("text=SHA-1 matches").waitFor();
  assert.match(await rows.nth(0).textContent(), /TFR2B\.tmpdisplay picture · bob → alicecomplete4\u202f086 B/);
  assert.match(await rows.nth(1).textContent(), /homework of Alice\.txtfile · alice → bobdeclined/);
  await page.locator(".thumb img").first().waitFor();
  await page.locator(".picture img").waitFor();
  assert.ok(await page.locator(".picture img").evaluate((image) => image.decode().then(() => image.naturalWidth > 0)));
  await rows.nth(1).click();
  await page.getByText("It was declined: none of its bytes were sent.").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("the key 6 shows transfers, and views without any teach", { skip }, async () => {
  const page = await browser.page({ hash: "#overview" });
  await open(page, captureOf("msnp8-signin-chat"));
  await page.keyboard.press("6");
  await page.getByRole("heading", { name: "No transfers in this capture" }).waitFor();
  assert.match(page.url(), /#transfers/);
});

test("every mark is counted, and says what it is without colour", { skip }, async () => {
  const page = await view(file(holed()));
  const legend = page.locator(".chunk-legend");
  await legend.getByText("came twice, bytes differ 1").waitFor();
  const words = await legend.textContent();
  assert.match(words, /missing 3,606 bytes/);
  assert.match(words, /came twice, same bytes 1/);
  assert.match(words, /never acknowledged 95/);
  assert.match(await page.locator(".transfer-row").textContent(), /incomplete111\u202f648 of 115\u202f254 B/);
});

test("the map is walked by keyboard, and Enter leads to the packet and its bytes", { skip }, async () => {
  const page = await view(file(holed()));
  const cell = page.locator(".cell-at");
  await cell.focus();
  assert.match(await cell.getAttribute("aria-label"), /^Chunk 1 of 96, offset 0, 1,202 bytes, packet 8, 0 s after the first/);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await cell.getAttribute("aria-label"), /^Chunk 3 of 96, offset 2,404/);
  await page.keyboard.press("Enter");
  await page.locator(".inspector .fields .row").first().waitFor();
  await page.locator(".chunk-card [aria-pressed=true]", { hasText: "packet 10" }).waitFor();
  assert.match(await page.locator(".status").textContent(), /Selected: MSG/);
  // The data field is selected, and all of its bytes with it.
  await page.locator(".status", { hasText: /· field .*bytes/ }).waitFor();
  await cell.focus();
  await page.keyboard.press("b");
  await page.waitForFunction(() => document.activeElement.matches(".inspector .hex"));
});

test("a click on the map selects the packet under it", { skip }, async () => {
  const page = await view(file(holed()));
  const map = page.locator(".chunk-map");
  await page.locator(".cell-at").waitFor();
  await map.click({ position: { x: 62 + 28.5 * 4 + 10, y: 10 } });
  await page.locator(".chunk-card", { hasText: "4,808" }).waitFor();
  await page.locator(".chunk-card [aria-pressed=true]", { hasText: "packet 12" }).waitFor();
});

test("where a byte or a packet is can be asked", { skip }, async () => {
  const page = await view(file(holed()));
  const ask = async (wish, answer) => {
    await page.getByLabel("Where is…").fill(wish);
    await page.getByRole("button", { name: "Go" }).click();
    await page.locator(".where [role=status]", { hasText: answer }).waitFor();
  };
  await ask("60200", "That byte is missing.");
  await page.locator(".chunk-card", { hasText: "These bytes are missing" }).waitFor();
  await ask("2500", "In packet 10, 96 bytes into it.");
  await ask("#7", "Packet 7 carries no part of this object.");
  await ask("#9", "Bytes 1,202 to 2,403.");
  await page.locator(".chunk-card [aria-pressed=true]", { hasText: "packet 9" }).waitFor();
});

test("the replay takes back what had not come yet", { skip }, async () => {
  const page = await view(file(holed()));
  const slider = page.getByLabel("Time of the arrival");
  await slider.focus();
  await page.keyboard.press("Home");
  await page.locator(".chunk-legend", { hasText: "not yet arrived 94" }).waitFor();
  await page.getByRole("button", { name: "Play the arrival" }).click();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator(".cell-at").focus();
  await page.keyboard.press("End");
  await page.locator(".chunk-legend", { hasText: "not yet arrived" }).waitFor({ state: "detached" });
});

test("without motion a replay goes on chunk by chunk", { skip }, async () => {
  const page = await view(file(holed()), { reducedMotion: "reduce" });
  const next = page.getByRole("button", { name: "Next chunk" });
  for (const left of [94, 93]) {
    await next.click();
    await page.locator(".chunk-legend", { hasText: `not yet arrived ${left}` }).waitFor();
  }
});

test("the table says the same as the map, and its rows lead to packets", { skip }, async () => {
  const page = await view(file(holed()));
  await page.getByRole("button", { name: "Table" }).click();
  await page.getByText("Missing: 60,100–63,705; 3,606 bytes in all.").waitFor();
  const grid = page.getByRole("grid", { name: "Arrivals" });
  assert.equal(await grid.getAttribute("aria-rowcount"), "95");
  await grid.focus();
  await page.keyboard.press("End");
  const last = grid.locator(".row.selected");
  await last.waitFor();
  assert.match(await last.textContent(), /^95.*Came twice, bytes differ/);
  assert.match(await page.locator(".status").textContent(), /Selected: MSG/);
});

test("what is saved is the object, byte for byte", { skip }, async () => {
  const page = await view(captureOf("msnp11-pictures-p2p"));
  const saved = await save(page);
  assert.equal(saved.name, "TFR2B.tmp");
  assert.deepEqual(saved.bytes, readFileSync(captureOf("msnp11-pictures-p2p").replace("capture.pcap", "bob.png")));
  assert.equal(await page.locator(".hashes dd").first().textContent(), createHash("sha1").update(saved.bytes).digest("hex"));

  const incomplete = await view(file(holed()));
  const partial = await save(incomplete);
  const expected = Buffer.from(FILE).fill(0, 50 * CHUNK, 53 * CHUNK);
  assert.equal(partial.name, "balloon.bmp.partial");
  assert.ok(partial.bytes.equals(expected));
});

async function save(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: /^Save/ }).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test("another file forgets the transfers of the one before", { skip }, async () => {
  const page = await view(file(holed()));
  await page.locator(".chunk-legend").waitFor();
  await choose(page, captureOf("msnp8-signin-chat"));
  await page.getByRole("heading", { name: "No transfers in this capture" }).waitFor();
});
