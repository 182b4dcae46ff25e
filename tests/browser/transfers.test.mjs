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
  await page.waitForURL(/#transfers/);
});

test("every mark is counted, and says what it is without colour", { skip }, async () => {
  const page = await view(file(holed()));
  const legend = page.locator(".chunk-legend");
  await legend.getByText("came twice, bytes differ 1").waitFor();
  const words = await legend.textContent();
  assert.match(words, /missing 3,606 bytes/);
  assert.match(words, /came twice, same bytes 1/);
  // Nothing at all is acknowledged: that is said once, and is no mark of any cell.
  assert.doesNotMatch(words, /never acknowledged/);
  assert.match(await page.locator(".transfer-row").textContent(), /incomplete111\u202f648 of 115\u202f254 B/);
});

test("the map is walked by keyboard, and Enter leads to the packet and its bytes", { skip }, async () => {
  const page = await view(file(holed()));
  const cell = page.locator(".chunk-map .cell-at");
  await cell.focus();
  assert.match(await cell.getAttribute("aria-label"), /^Chunk 1 of 96, offset 0, 1,202 bytes, packet 8, 0 s after the first/);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await cell.getAttribute("aria-label"), /^Chunk 3 of 96, offset 2,404/);
  await page.keyboard.press("Enter");
  await page.locator(".inspector .fields .row").first().waitFor();
  await page.locator(".chunk-card [aria-pressed=true]", { hasText: "packet 10" }).waitFor();
  await page.locator(".status", { hasText: "Selected: MSG" }).waitFor();
  // The data field is selected, and all of its bytes with it.
  await page.locator(".status", { hasText: /· field .*bytes/ }).waitFor();
  await cell.focus();
  await page.keyboard.press("b");
  await page.waitForFunction(() => document.activeElement.matches(".inspector .hex"));
});

test("a click on the map selects the packet under it", { skip }, async () => {
  const page = await view(file(holed()));
  const map = page.locator(".chunk-map");
  await page.locator(".chunk-map .cell-at").waitFor();
  await map.click({ position: { x: 62 + 28.5 * 4 + 10, y: 10 } });
  await page.locator(".chunk-card", { hasText: "4,808" }).waitFor();
  const chosen = page.locator(".chunk-card [aria-pressed=true]", { hasText: "packet 12" });
  await chosen.waitFor();
  // Whoever looks elsewhere in between comes back to it.
  await page.keyboard.press("3");
  await chosen.waitFor({ state: "detached" });
  await page.keyboard.press("6");
  await chosen.waitFor();
});

test("the cell at the cursor is a button for whoever cannot point", { skip }, async () => {
  const page = await view(file(holed()));
  const cell = page.locator(".chunk-map .cell-at");
  await cell.focus();
  await page.keyboard.press("ArrowRight");
  // What assistive technology does.
  await cell.evaluate((element) => element.click());
  await page.locator(".chunk-card [aria-pressed=true]", { hasText: "packet 9" }).waitFor();
});

test("what a pointer is shown, the keyboard is shown too", { skip }, async () => {
  const page = await view(file(holed()));
  const tip = page.locator(".tip");
  const cell = page.getByRole("button", { name: /^Chunk 1 of 96/ });
  await page.locator(".chunk-map").hover({ position: { x: 62 + 28.5 + 10, y: 10 } });
  const hovered = await tip.textContent();
  assert.match(hovered, /^Chunk 2 of 96, offset 1,202/);
  await page.mouse.move(5, 5);
  await tip.waitFor({ state: "detached" });
  await cell.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await tip.textContent(), hovered);

  const packet = page.locator(".arrival-chart .cell-at");
  await packet.focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await tip.textContent(), /^Packet 10, .* after the first, 1,202 bytes, offset 2,404$/);
  assert.equal(await packet.getAttribute("aria-label"), await tip.textContent());
  await page.keyboard.press("Enter");
  await page.locator(".chunk-card [aria-pressed=true]", { hasText: "packet 10" }).waitFor();
});

test("a row of keys is announced once", { skip }, async () => {
  const page = await view(file(holed()));
  const cell = page.locator(".chunk-map .cell-at");
  await cell.focus();
  await page.waitForTimeout(600);
  const told = await page.evaluate(async () => {
    const told = [];
    new MutationObserver(() => told.push(document.querySelector(".map-frame [role=status]").textContent)).observe(
      document.querySelector(".map-frame [role=status]"),
      { childList: true, characterData: true, subtree: true },
    );
    const cell = document.querySelector(".cell-at");
    for (let key = 0; key < 8; key += 1) {
      cell.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
      await Promise.resolve();
    }
    for (let waits = 0; waits < 200 && told.length === 0; waits += 1) await new Promise((done) => setTimeout(done, 50));
    await new Promise((done) => setTimeout(done, 800));
    return told;
  });
  assert.equal(told.length, 1);
  assert.match(told[0], /^Chunk 9 of 96/);
});

test("a press that is drawn away selects nothing", { skip }, async () => {
  const page = await view(file(holed()));
  const chart = await page.locator(".arrival-chart").boundingBox();
  await page.mouse.move(chart.x + 62 + 5, chart.y + 24 + 245);
  await page.mouse.down();
  await page.mouse.move(5, 5);
  await page.mouse.up();
  assert.match(await page.locator(".status").textContent(), /Nothing selected/);
  await page.mouse.click(chart.x + 62 + 3, chart.y + 24 + 248);
  await page.locator(".status", { hasText: "Selected: MSG" }).waitFor();
});

test("the address keeps the chosen transfer: back, forward, reload", { skip }, async () => {
  const capture = captureOf("msnp11-picture-p2p");
  const page = await view(capture);
  const current = page.locator(".transfer-row[aria-current=true]");
  await current.filter({ hasText: "TFR3A.tmp" }).waitFor();
  await page.locator(".transfer-row").nth(1).click();
  await current.filter({ hasText: "TFR3B.tmp" }).waitFor();
  await page.waitForURL(/#transfers\?transfer=2$/);
  await page.goBack();
  await current.filter({ hasText: "TFR3A.tmp" }).waitFor();
  await page.goForward();
  await current.filter({ hasText: "TFR3B.tmp" }).waitFor();
  await page.reload();
  await open(page, capture);
  await current.filter({ hasText: "TFR3B.tmp" }).waitFor();
  await page.locator(".transfer h2", { hasText: "TFR3B.tmp" }).waitFor();
});

test("a command selected in another view brings its transfer, each time", { skip }, async () => {
  const page = await browser.page({ hash: "#commands/20" });
  await open(page, captureOf("msnp11-picture-p2p"));
  const current = page.locator(".transfer-row[aria-current=true]");
  // Commands 54 and 59 acknowledge the first and the second picture.
  for (const [command, name] of [[59, "TFR3B.tmp"], [54, "TFR3A.tmp"], [59, "TFR3B.tmp"]]) {
    await page.evaluate((hash) => (location.hash = hash), `#commands/${command}`);
    await page.locator(".status", { hasText: `command ${command} of` }).waitFor();
    await page.keyboard.press("6");
    await current.filter({ hasText: name }).waitFor();
    await page.waitForURL(`**/#transfers/${command}`);
  }
});

test("a hole is not a byte: in digits, in pictures and in the list", { skip }, async () => {
  const bytes = Buffer.from(Array.from({ length: 4 * CHUNK }, (_, at) => 33 + (at % 90)));
  const chunks = inOrder(bytes).filter((_, at) => at !== 1);
  const page = await view(file(transfer({ name: "notes.dat", file: bytes, chunks })));
  await page.getByText("·· marks a byte that is missing: 1,202 of them.").waitFor();
  const row = page.locator(".object-hex .row", { hasText: "0004b0" });
  const shown = row.filter({ hasText: "··" });
  await page.getByLabel("Where is…").fill("1200");
  await page.getByRole("button", { name: "Go", exact: true }).click();
  await shown.waitFor();
  assert.match(await row.textContent(), /0004b0[0-9a-f]{2} [0-9a-f]{2} ·· ·· ·· ·· ·· ··/);

  const partial = await view(file(holed()));
  await partial.locator(".picture.partial").waitFor();
  await partial.locator(".partial-word", { hasText: "Partial: 3,606 bytes missing" }).waitFor();
  await partial.locator(".thumb.partial img").waitFor();
  assert.match(await partial.locator(".picture img").getAttribute("alt"), /bytes of it are missing/);
  const whole = await view(captureOf("msnp11-picture-p2p"));
  await whole.locator(".thumb img").first().waitFor();
  assert.equal(await whole.locator(".partial, .partial-word").count(), 0);
});

test("bytes that stand too far off are said to be left out", { skip }, async () => {
  const far = { length: 90_000_000, subarray: (from, to) => Buffer.alloc(to - from, 120) };
  const chunks = [{ offset: 0, length: CHUNK }, { offset: 80_000_000, length: CHUNK }];
  const page = await view(file(transfer({ name: "far.dat", file: far, chunks, acknowledged: false })));
  await page.getByText(/^Cut at byte 16,78\d,\d+: what came of the bytes behind it stands too far off/).waitFor();
});

test("a program says what it is, whatever its name", { skip }, async () => {
  const program = Buffer.alloc(3000);
  program.write("MZ");
  program.writeUInt32LE(64, 60);
  program.write("PE\0\0", 64, "latin1");
  const page = await view(file(transfer({ name: "holiday.jpg", file: program })));
  await page.locator(".transfer-row .tag", { hasText: "executable" }).waitFor();
  await page.locator(".transfer-row .tag", { hasText: "misnamed" }).waitFor();
  await page.getByText("It is a program: it runs when it is opened.").waitFor();
});

test("each object is asked for once, and addresses of blobs are given back", { skip }, async () => {
  const page = await browser.page({ hash: "#transfers" });
  await page.evaluate(() => {
    globalThis.live = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (blob) => {
      const address = createObjectURL.call(URL, blob);
      globalThis.live.add(address);
      return address;
    };
    URL.revokeObjectURL = (address) => {
      globalThis.live.delete(address);
      revokeObjectURL.call(URL, address);
    };
    globalThis.asked = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message) {
      const asked = message instanceof Map ? message.get("Object") : message.Object;
      if (asked) globalThis.asked.push(asked instanceof Map ? asked.get("id") : asked.id);
      return postMessage.call(this, message);
    };
  });
  await open(page, captureOf("msnp11-picture-p2p"));
  const rows = page.locator(".transfer-row");
  for (let turn = 0; turn < 10; turn += 1) {
    await rows.nth(1 - (turn % 2)).click();
    await page.locator(".picture img").waitFor();
  }
  await page.locator(".thumb img").nth(1).waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.asked.sort()), [1, 2]);
  // A small picture for each, and the large one.
  await page.waitForFunction(() => globalThis.live.size === 3);
  await page.keyboard.press("1");
  await page.waitForFunction(() => globalThis.live.size === 0);
});

test("where a byte or a packet is can be asked", { skip }, async () => {
  const page = await view(file(holed()));
  const ask = async (wish, answer) => {
    await page.getByLabel("Where is…").fill(wish);
    await page.getByRole("button", { name: "Go", exact: true }).click();
    await page.locator(".where [role=status]", { hasText: answer }).waitFor();
  };
  await ask("60200", "That byte is missing.");
  await page.locator(".chunk-card", { hasText: "These bytes are missing" }).waitFor();
  await ask("2500", "In packet 10, 96 bytes behind the first of its chunk.");
  await ask("#7", "Packet 7 completes no chunk of this object.");
  await ask("#9", "Bytes 1,202 to 2,403.");
  await page.locator(".chunk-card [aria-pressed=true]", { hasText: "packet 9" }).waitFor();
});

test("the replay takes back what had not come yet", { skip }, async () => {
  const page = await view(file(holed()));
  const slider = page.getByLabel("Time of the arrival");
  await slider.focus();
  await page.keyboard.press("Home");
  await page.locator(".chunk-legend", { hasText: "not yet arrived 92" }).waitFor();
  await page.getByRole("button", { name: "Play the arrival" }).click();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator(".chunk-map .cell-at").focus();
  await page.keyboard.press("End");
  await page.locator(".chunk-legend", { hasText: "not yet arrived" }).waitFor({ state: "detached" });
});

test("without motion a replay goes on chunk by chunk", { skip }, async () => {
  const page = await view(file(holed()), { reducedMotion: "reduce" });
  const next = page.getByRole("button", { name: "Next chunk" });
  for (const left of [92, 91]) {
    await next.click();
    await page.locator(".chunk-legend", { hasText: `not yet arrived ${left}` }).waitFor();
  }
});

test("the table says the same as the map, and its rows lead to packets", { skip }, async () => {
  const page = await view(file(holed()));
  await page.getByRole("button", { name: "Table" }).click();
  await page.getByText("Missing: 60,100–63,705; 3,606 bytes in all.").waitFor();
  const grid = page.getByRole("grid", { name: "Arrivals" });
  // Ninety-five arrivals and the heads of the columns.
  assert.equal(await grid.getAttribute("aria-rowcount"), "96");
  assert.deepEqual(await grid.getByRole("columnheader").allTextContents(), ["№", "Offset", "Bytes", "After", "What is to be said", "Through", "Packet"]);
  await grid.focus();
  await page.keyboard.press("End");
  const last = grid.locator(".row.selected");
  await last.waitFor();
  assert.match(await last.textContent(), /^95.*Came twice, bytes differ/);
  await page.locator(".status", { hasText: "Selected: MSG" }).waitFor();
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
