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
  await page.locator(".status", { hasText: "Selected: MSG" }).waitFor();
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

test("a search in chats marks the places, and counts the chats that have it", { skip }, async () => {
  const page = await view("#chats", "msnp12-chat-emoticons");
  await page.locator(".bubble").first().waitFor();
  const field = page.getByRole("textbox", { name: "Search chats" });
  await field.fill("Painted");
  await page.locator(".chat-search [role=status]", { hasText: "in 1 chat" }).waitFor();
  assert.equal(await page.locator(".talk .found").count(), 1);
  assert.match(await page.locator(".talk .found").textContent(), /painted last summer/);
  assert.match(await page.locator(".chat-row").textContent(), /1 place/);
  await field.press("Enter");
  await field.fill("no such words");
  await page.locator(".chat-search [role=status]", { hasText: "in none" }).waitFor();
  assert.equal(await page.locator(".chat-row").count(), 0);
  await field.press("Escape");
  await page.locator(".chat-row").first().waitFor();
  assert.equal(await page.locator(".talk .found").count(), 0);
});

test("people are told with their times, and an alarm leads to its command", { skip }, async () => {
  const page = await view("#people", "msnp11-signed-in-elsewhere");
  const alarm = page.locator(".sign-in p.alarm");
  await alarm.waitFor();
  assert.match(await alarm.textContent(), /Signed in elsewhere at \d\d:\d\d:\d\d\.\d{3} UTC/);
  await alarm.locator(".packet").click();
  await page.locator(".status", { hasText: "Selected: OUT" }).waitFor();
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
  await page.waitForURL(/#people/);
});

test("the overview lists what the capture does not show", { skip }, async () => {
  const page = await view("#overview", "msnp12-chat-midstream");
  const entry = page.locator(".ledger li", { hasText: "The beginning of this chat is not in the capture" }).first();
  await entry.waitFor();
  assert.match(await entry.textContent(), /\(chat \d\)\.\d\d:\d\d:\d\d.* UTC, packet \d+/);
  await entry.getByRole("button").click();
  await page.locator(".fields .row").first().waitFor();
});

test("the overview tells who is there, and holes in a picture lead to their evidence", { skip }, async () => {
  const page = await view("#overview", "msnp9-file-p2p-lossy");
  await page.getByRole("heading", { name: /2 messages .* and one picture or file was sent \(not all of it is here\)/ }).waitFor();
  const bob = page.locator(".who tr", { hasText: "bob@example.com" });
  assert.match(await bob.textContent(), /Bobbob@example\.comlists not captured11packet \d+/);
  await page.locator(".ledger li", { hasText: "bytes are missing (3606–4807, 20434–22837): expected 27812 bytes" }).waitFor();
  // Copies that differ are found when the bytes have been compared.
  await page.locator(".stands-out li", { hasText: "with other bytes: 1" }).getByRole("button").click();
  await page.locator(".status", { hasText: "Selected: MSG, command 31" }).waitFor();
  await page.keyboard.press("7");
  const rows = page.locator(".findings .row");
  await rows.nth(3).waitFor();
  assert.match(await rows.first().textContent(), /warning.*lake\.png.*alice@example\.com did not come whole.*MSG № 17 · packet 22/);
  await rows.first().click();
  await page.locator(".hex .run.chosen").first().waitFor();
});

test("a chat has the looks, emoticons and faces that travelled with it", { skip }, async () => {
  const page = await view("#chats", "msnp12-chat-emoticons");
  const bubbles = page.locator(".bubble");
  await page.locator(".bubble img").nth(1).waitFor();
  const looks = (at) => bubbles.nth(at).evaluate((node) => {
    const { color, fontFamily, fontWeight } = getComputedStyle(node);
    return { color, fontFamily, fontWeight };
  });
  assert.deepEqual(await looks(0), { color: "rgb(181, 24, 47)", fontFamily: '"Comic Sans MS", system-ui, sans-serif', fontWeight: "600" });
  // The picture that travelled stands in the text; the other one stays as its letters.
  const pictures = bubbles.nth(1).locator("img");
  assert.deepEqual(await pictures.evaluateAll((all) => all.map((img) => [img.alt, img.naturalWidth])), [["(grin)", 19], ["(grin)", 19]]);
  assert.match(await bubbles.nth(1).textContent(), /painted last summer :ship: and not sold/);
  assert.equal(await bubbles.nth(4).locator("img").count(), 0, "Alice announced no picture for the same letters");
  // Pale on pale is darkened until it can be read.
  const [pale] = (await looks(2)).color.match(/\d+/g).map(Number);
  assert.ok(pale < 140, `${pale}`);
  const faces = page.locator("li.other .face .thumb");
  assert.deepEqual([await faces.nth(0).locator("img").count(), await faces.nth(1).textContent()], [1, "?"]);
  await page.getByRole("button", { name: "Fonts and colours" }).click();
  assert.equal((await looks(0)).fontWeight, "400");
  assert.deepEqual(page.complaints, []);
});

test("pictures that people showed are listed, those too that never travelled", { skip }, async () => {
  const page = await view("#people", "msnp12-chat-emoticons");
  const shown = page.locator(".portraits li");
  await shown.first().locator("img").waitFor();
  assert.equal(await shown.count(), 2);
  assert.match(await shown.nth(1).textContent(), /never travelled\s*9dxvvNpeDnGE8pnGBiadmWwx8qI=/);
  await shown.first().getByRole("button", { name: "transfer 1" }).click();
  await page.locator(".transfer-row[aria-current]").waitFor();
  await page.waitForURL(/#transfers/);
});
