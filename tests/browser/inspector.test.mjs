// The inspector and the ladder: one selection everywhere, by pointer and by keyboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { captureOf, ladder as firstLadder, missing, open, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

const ladder = (options) => firstLadder(browser, options);

const selectedRow = (page) => page.locator(".ladder .row.selected .verb").textContent();
const chosenBytes = (page) => page.locator(".hex .digits .run.chosen").allTextContents();

test("a field selects its bytes", { skip }, async () => {
  const page = await ladder();
  await page.locator(".row", { has: page.locator(".verb", { hasText: "VER1" }) }).first().click();
  await page.locator(".fields .row", { hasText: "Verb" }).click();
  assert.deepEqual(await chosenBytes(page), ["56 45 52"]);
  assert.match(await page.locator(".explanation").textContent(), /msnp\.verb.*name the command/s);
  assert.match(await page.locator(".status").textContent(), /field Verb, bytes 0–2 of 18/);
});

test("a byte selects its field", { skip }, async () => {
  const page = await ladder();
  await page.locator(".row", { has: page.locator(".verb", { hasText: "VER1" }) }).first().click();
  await page.locator(".hex .text .run", { hasText: "1" }).first().click();
  const field = page.locator(".fields .row.selected");
  assert.match(await field.textContent(), /Transaction ID/);
  assert.deepEqual(await chosenBytes(page), ["31"]);
});

test("hovering marks the other side", { skip }, async () => {
  const page = await ladder();
  await page.locator(".row", { has: page.locator(".verb", { hasText: "VER1" }) }).first().click();
  await page.locator(".fields .row", { hasText: "Transaction" }).hover();
  assert.deepEqual(await page.locator(".hex .digits .run.hovered").allTextContents(), ["31"]);
  await page.locator(".hex .digits .run", { hasText: "56 45 52" }).hover();
  assert.match(await page.locator(".fields .row.hovered").textContent(), /Verb/);
});

test("a payload folds open in its row, and its lines select fields", { skip }, async () => {
  const page = await ladder();
  await page.locator(".rows").first().focus();
  await page.keyboard.press("End");
  await page.locator(".ladder .row.selected", { hasText: "OUT" }).waitFor();
  await page.locator(".fold-payload").last().click();
  const line = page.locator(".payload .line").last();
  const text = await line.locator(".value").textContent();
  await line.click();
  assert.match(await page.locator(".fields .row.selected").textContent(), new RegExp(text.slice(0, 8).replace(/[^\w ]/g, ".")));
  await page.locator(".fold-payload[aria-expanded=true]").click();
  await page.locator(".payload").waitFor({ state: "detached" });
});

test("lists are walked with the keyboard", { skip }, async () => {
  const page = await ladder();
  await page.locator(".ladder .rows").focus();
  const walked = [];
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"]) {
    const before = walked.at(-1) ?? "#ladder";
    await page.keyboard.press(key);
    const now = await page.waitForFunction((before) => location.hash !== before && location.hash, before);
    walked.push(await now.jsonValue());
  }
  assert.deepEqual(walked, ["#ladder/1", "#ladder/2", "#ladder/3", "#ladder/2"]);
  await page.keyboard.press("End");
  await page.waitForURL(/#ladder\/94$/);
  assert.equal(await selectedRow(page), "OUT");
  await page.locator(".ladder .row.selected").waitFor({ state: "visible" });
  await page.keyboard.press("Home");
  await page.waitForURL(/#ladder\/1$/);
  await page.locator(".inspector[aria-busy=false]").waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.locator(".fields .row.selected", { hasText: "Verb" }).waitFor();
  await page.keyboard.press("Backspace");
  await page.keyboard.press("Escape");
  await page.locator(".inspector").waitFor({ state: "detached" });
});

test("P leads from request to answer and back", { skip }, async () => {
  const page = await ladder();
  await page.locator(".ladder .row .verb", { hasText: "VER4" }).first().click({ force: true });
  await page.waitForURL(/#ladder\/\d+$/);
  const request = new URL(page.url()).hash;
  await page.locator(".said").waitFor();
  await page.keyboard.press("p");
  await page.waitForURL((url) => url.hash !== request);
  await page.locator(".said", { hasText: "Answers" }).waitFor();
  await page.keyboard.press("p");
  await page.waitForURL((url) => url.hash === request);
});

test("back undoes a selection, and an address opens at its command", { skip }, async () => {
  const page = await ladder();
  await page.locator(".ladder .rows").focus();
  await page.keyboard.press("ArrowDown");
  await page.waitForURL(/#ladder\/1$/);
  await page.keyboard.press("3");
  await page.waitForURL(/#commands\/1$/);
  await page.goBack();
  await page.waitForURL(/#ladder\/1$/);
  await page.goBack();
  await page.waitForURL(/#ladder$/);
  await page.locator(".inspector").waitFor({ state: "detached" });
  const linked = await browser.page({ hash: "#commands/35" });
  await open(linked, captureOf("msnp8-signin-chat"));
  await linked.locator(".inspector h2", { hasText: "mailbox" }).waitFor();
});

test("brackets step along one connection, whatever the list shows", { skip }, async () => {
  const page = await ladder();
  const ports = async () => {
    await page.locator(".inspector .said").waitFor();
    return (await page.locator(".inspector .said").textContent()).match(/:\d+ → [^ ]+/)?.[0];
  };
  for (const view of ["2", "3", "5"]) {
    await page.keyboard.press(view);
    await page.evaluate(() => (location.hash = location.hash.replace(/[/?].*|$/, "/20")));
    await page.locator(".inspector h2").waitFor();
    for (const key of ["]", "]", "[", "["]) {
      const before = await page.evaluate(() => location.hash);
      await page.keyboard.press(key);
      await page.waitForFunction((before) => location.hash !== before, before);
    }
    await page.waitForFunction(() => /\/20$/.test(location.hash));
  }
});

test("one connection can be shown alone", { skip }, async () => {
  const page = await ladder();
  await page.getByRole("combobox", { name: "Connection" }).selectOption("2");
  await page.locator(".ladder .row .verb", { hasText: "USR1" }).first().waitFor();
  assert.equal(await page.locator(".head").count(), 2);
  await page.getByRole("combobox", { name: "Connection" }).selectOption("all");
  await page.locator(".head").nth(3).waitFor();
});

test("findings lead to their bytes", { skip }, async () => {
  const page = await browser.page({ hash: "#findings" });
  await open(page, captureOf("msnp15-errors-and-oddities"));
  await page.locator(".findings .row").first().click();
  await page.locator(".hex .run.chosen").first().waitFor();
  // The keyboard walks over findings, not over commands: two of them may be about the same command.
  const selected = page.locator(".findings .row.selected");
  const seen = [await selected.getAttribute("id")];
  for (let row = 1; row < 12; row += 1) {
    await page.keyboard.press("ArrowDown");
    await page.locator(`.findings .row.selected:not([id="${seen.at(-1)}"])`).waitFor();
    seen.push(await selected.getAttribute("id"));
  }
  assert.equal(new Set(seen).size, 12, seen.join(", "));
});

test("lost bytes have a row of their own", { skip }, async () => {
  const page = await browser.page({ hash: "#ladder" });
  await open(page, captureOf("msnp11-chat-lost-segment"));
  await page.locator(".row.lost", { hasText: /not captured: \d+ bytes/ }).first().waitFor({ state: "attached" });
  await page.getByRole("button", { name: "3 things are missing" }).click();
  await page.getByText("Not captured").first().waitFor();
});

test("colours follow the system until they are chosen, and the choice is remembered", { skip }, async () => {
  const page = await browser.page({ colorScheme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(await ground(), "rgb(17, 20, 19)");
  await page.keyboard.press("d");
  assert.equal(await ground(), "rgb(244, 245, 243)");
  await page.reload();
  await page.locator("h1").first().waitFor();
  assert.equal(await ground(), "rgb(244, 245, 243)");
  await page.keyboard.press("d");
  assert.equal(await ground(), "rgb(17, 20, 19)");
});

test("the key sheet opens and closes", { skip }, async () => {
  const page = await ladder();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("phases fold, stay at the top while one is in them, and come back", { skip }, async () => {
  const page = await ladder();
  const headings = page.locator(".slab .row.heading");
  assert.match(await headings.nth(0).textContent(), /Redirect6 commands · 0\.18 s/);
  assert.match(await headings.nth(1).textContent(), /Sign-in as alice@example\.com26 commands · 1\.97 s · signed in · MSNP8/);
  const before = await page.locator(".pane-head .quiet").textContent();
  await page.locator(".slab .row", { has: page.locator(".verb", { hasText: "VER1" }) }).first().click();
  await page.locator(".fields .row").first().waitFor();
  await page.getByRole("button", { name: "Rows of Redirect" }).first().click();
  await page.waitForFunction(() => ![...document.querySelectorAll(".slab .row .verb")].some((verb) => verb.textContent === "VER1"));
  await page.waitForFunction((before) => document.querySelector(".pane-head .quiet").textContent !== before, before);
  // What leads to a folded command unfolds it: the answer to the selected one.
  await page.keyboard.press("p");
  await page.locator(".slab .row.selected .verb", { hasText: "VER1" }).waitFor();
  // Scrolled into a phase, its heading stays.
  await page.locator(".rows").first().evaluate((rows) => (rows.scrollTop = 400));
  await page.locator(".row.heading.pinned", { hasText: "Sign-in as alice" }).waitFor();
});

test("a run of pings is one row until it is unfolded", { skip }, async () => {
  const page = await browser.page({ hash: "#ladder" });
  await open(page, captureOf("msnp11-signed-in-elsewhere"));
  await page.locator(".rows").first().focus();
  const run = page.locator(".row.run");
  for (let tries = 0; tries < 20 && (await run.count()) === 0; tries += 1) {
    const before = await page.evaluate(() => location.hash);
    await page.keyboard.press("PageDown");
    await page.waitForFunction((before) => location.hash !== before, before);
    await page.locator(".slab .row.selected").waitFor();
  }
  assert.match(await run.first().textContent(), /6 keep-alives folded \(PNG and QNG\), one every/);
  await run.first().getByRole("button", { name: "Unfold" }).click();
  await run.first().getByRole("button", { name: "Fold" }).waitFor();
  await page.locator(".slab .row .verb", { hasText: "QNG" }).first().waitFor();
});

test("the strokes of the ladder are painted where its rows are", { skip }, async () => {
  const page = await ladder();
  // Along the first arrow there is the colour of its role.
  const drawn = await page.evaluate(() => {
    const canvas = document.querySelector(".strokes");
    const row = [...document.querySelectorAll(".slab .row")].find((row) => row.querySelector(".verb"));
    const scale = canvas.width / canvas.getBoundingClientRect().width;
    const box = row.getBoundingClientRect();
    const plate = row.querySelector(".plate").getBoundingClientRect();
    const x = (plate.left - canvas.getBoundingClientRect().left - 5) * scale;
    const y = (box.top + 12 - canvas.getBoundingClientRect().top) * scale;
    return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
  });
  const dispatch = [0x91, 0x50, 0x1b];
  assert.ok(drawn[3] > 100 && drawn.slice(0, 3).every((part, at) => Math.abs(part - dispatch[at]) < 24), `${drawn}`);
});
