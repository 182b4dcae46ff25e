// Several captures at once: read as one, added, put away, saved; notes and selection stay with their commands.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { split } from "./support/capture.mjs";
import { captureOf, choose, missing, open, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

const WHOLE = readFileSync(captureOf("msnp8-signin-chat"));
const ELSEWHERE = captureOf("msnp11-signed-in-elsewhere");

const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });
const parts = (into) => split(WHOLE, into).map((part, at) => file(`part-${at + 1}.pcap`, part));

/** Verbs and texts of the ladder, row by row. */
async function shown(page) {
  await page.keyboard.press("2");
  await page.locator(".ladder .row .verb").first().waitFor();
  // As many as fit under any banner.
  return (await page.locator(".ladder .row").allTextContents()).slice(0, 30);
}

/** Drops files at a place of the window, as a share of its width. */
async function drop(page, files, share) {
  const given = files.map(({ name, buffer }) => ({ name, base64: buffer.toString("base64") }));
  const data = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const { name, base64 } of given) {
      data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
    }
    return data;
  }, given);
  const clientX = page.viewportSize().width * share;
  await page.dispatchEvent("body", "dragover", { dataTransfer: data, clientX });
  const half = await page.locator(".drop-veil:not(.halves), .drop-veil .half.on").textContent();
  await page.dispatchEvent("body", "drop", { dataTransfer: data, clientX });
  return half;
}

test("files that are chosen together are read as one, by time", { skip }, async () => {
  const alone = await browser.page();
  await open(alone, captureOf("msnp8-signin-chat"));
  const expected = await shown(alone);
  const page = await browser.page();
  await open(page, parts(3));
  await page.locator(".file", { hasText: "part-1.pcap and 2 others" }).waitFor();
  assert.deepEqual(await shown(page), expected);
  await page.keyboard.press("1");
  const card = page.getByRole("region", { name: "Captures, read as one" });
  await card.getByText("Named in more than one").waitFor();
  const packets = await card.locator("tbody tr td:nth-child(2)").allTextContents();
  const total = await page.locator(".counts").textContent();
  assert.equal(packets.map(Number).reduce((one, other) => one + other), Number(total.match(/(\d+) packets/)[1]));
  assert.deepEqual(page.complaints, []);
});

test("packets that two captures hold are told of, and what they say is shown once", { skip }, async () => {
  const alone = await browser.page();
  await open(alone, captureOf("msnp8-signin-chat"));
  const expected = await shown(alone);
  const page = await browser.page();
  await open(page, [file("here.pcap", WHOLE), file("there.pcap", WHOLE)]);
  const card = page.getByRole("region", { name: "Captures, read as one" });
  await card.getByText("In both here.pcap and there.pcap").waitFor();
  const each = await card.locator("tbody tr td:nth-child(2)").first().textContent();
  await card.getByText(`${each} packets`).waitFor();
  assert.deepEqual(await shown(page), expected);
  assert.deepEqual(page.complaints, []);
});

test("a drop on the left adds, and notes and selection stay with their commands", { skip }, async () => {
  const page = await browser.page();
  await open(page, captureOf("msnp8-signin-chat"));
  await shown(page);
  await page.locator(".slab .row", { has: page.locator(".verb", { hasText: /^USR/ }) }).nth(2).click();
  await page.locator(".inspector .fields .row").first().waitFor();
  const sentence = await page.locator(".inspector h2").textContent();
  await page.keyboard.press("n");
  await page.keyboard.type("the third");
  await page.keyboard.press("Enter");
  await page.locator(".slab .noted", { hasText: "the third" }).waitFor();
  // A capture of an earlier time: all numbers are others then.
  const earlier = Buffer.from(readFileSync(ELSEWHERE));
  for (let at = 24; at < earlier.length; at += 16 + earlier.readUInt32LE(at + 8)) earlier.writeUInt32LE(900_000_000, at);
  assert.equal(await drop(page, [file("earlier.pcap", earlier)], 0.2), "Add to this capture");
  await page.locator(".file", { hasText: "capture.pcap and earlier.pcap" }).waitFor();
  await page.locator(".slab .row.selected .noted", { hasText: "the third" }).waitFor();
  assert.equal(await page.locator(".inspector h2").textContent(), sentence);
  await page.locator(".inspector", { hasText: /packet \d+ \(capture\.pcap: \d+\)/ }).waitFor();
  // Only what begins in one of them.
  const everything = Number(await page.locator(".rows[aria-rowcount]").first().getAttribute("aria-rowcount"));
  await page.getByRole("combobox", { name: "Connection" }).selectOption({ label: "earlier.pcap" });
  await page.waitForFunction((all) => Number(document.querySelector(".rows[aria-rowcount]").getAttribute("aria-rowcount")) < all, everything);
  // Put away again, what is left has its old numbers.
  await page.keyboard.press("1");
  await page.getByRole("button", { name: "put away earlier.pcap" }).click();
  await page.locator(".file", { hasText: /^capture\.pcap$/ }).waitFor();
  await page.locator(".status", { hasText: /All read/ }).waitFor({ state: "attached" });
  await page.keyboard.press("2");
  await page.locator(".slab .row.selected .noted", { hasText: "the third" }).waitFor();
  assert.equal(await page.locator(".inspector h2").textContent(), sentence);
  assert.deepEqual(page.complaints, []);
});

test("a drop on the right opens instead", { skip }, async () => {
  const page = await browser.page();
  await open(page, captureOf("msnp8-signin-chat"));
  assert.equal(await drop(page, [file("other.pcap", readFileSync(ELSEWHERE))], 0.8), "Open instead");
  await page.locator(".file", { hasText: /^other\.pcap$/ }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a note about a capture that is put away goes with it, and that is told", { skip }, async () => {
  const page = await browser.page();
  await open(page, [captureOf("msnp8-signin-chat"), ELSEWHERE]);
  await shown(page);
  await page.locator(".slab .row", { has: page.locator(".verb") }).first().click();
  await page.locator(".inspector .fields .row").first().waitFor();
  await page.keyboard.press("n");
  await page.keyboard.type("gone soon");
  await page.keyboard.press("Enter");
  await page.locator(".slab .noted", { hasText: "gone soon" }).waitFor();
  await page.keyboard.press("1");
  await page.getByRole("button", { name: /^put away / }).first().click();
  await page.locator(".status", { hasText: "1 note was about the capture that was put away" }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("one of several that is no capture is named and left out", { skip }, async () => {
  const page = await browser.page();
  const picture = file("cat.png", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
  await choose(page, [...parts(2), picture]);
  await page.locator(".banner", { hasText: /“cat\.png”: .*PNG picture.*left out/s }).waitFor();
  await page.locator(".plain-table .trouble", { hasText: "PNG picture" }).waitFor();
  const alone = await browser.page();
  await open(alone, captureOf("msnp8-signin-chat"));
  assert.deepEqual(await shown(page), await shown(alone));
  // None that is a capture: then nothing is shown.
  await choose(page, [picture, file("notes.txt", Buffer.from("no capture at all\n"))]);
  await page.getByRole("alert").locator("p", { hasText: /cat\.png.*notes\.txt/s }).waitFor();
  assert.deepEqual(page.complaints, []);
});

test("a file that was refused is not read with the next one", { skip }, async () => {
  const page = await browser.page();
  await choose(page, file("cat.png", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")));
  await page.getByRole("alert").waitFor();
  assert.equal(await drop(page, [file("other.pcap", readFileSync(ELSEWHERE))], 0.2), "Drop it anywhere");
  await page.locator(".file", { hasText: /^other\.pcap$/ }).waitFor();
  assert.equal(await page.locator(".banner").count(), 0);
  assert.deepEqual(page.complaints, []);
});

test("several are redacted together, and saved as one capture", { skip }, async () => {
  const page = await browser.page();
  await open(page, parts(2));
  const rows = await shown(page);
  await page.locator("#export").click();
  const sheet = page.locator(".menu-sheet");
  await sheet.getByRole("radio", { name: /^the whole capture/ }).check();
  const [download] = await Promise.all([page.waitForEvent("download"), sheet.getByRole("button", { name: "Capture" }).click()]);
  assert.equal(download.suggestedFilename(), "part-1-part.pcapng");
  const bytes = readFileSync(await download.path());
  await page.keyboard.press("r");
  await page.locator(".status", { hasText: "Redacted" }).waitFor();
  await page.keyboard.press("1");
  await page.locator(".overview h1", { hasText: "signed in" }).waitFor();
  assert.doesNotMatch(await page.locator("main").textContent(), /alice@example\.com|bob@example\.com/);
  // Another one that is added is redacted too.
  await drop(page, [file("more.pcap", readFileSync(ELSEWHERE))], 0.1);
  await page.locator(".file", { hasText: "part-1.pcap and 2 others" }).waitFor();
  await page.locator(".status", { hasText: "Redacted" }).waitFor();
  await page.getByText("Named in more than one").or(page.getByText(/^Only in/)).first().waitFor();
  assert.doesNotMatch(await page.locator("main").textContent(), /alice@example\.com|bob@example\.com/);
  const again = await browser.page();
  await open(again, file("saved.pcapng", bytes));
  assert.deepEqual(await shown(again), rows);
  assert.deepEqual([...page.complaints, ...again.complaints], []);
});
