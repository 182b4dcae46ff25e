// Finding a text or bytes, going to a place, and the keys that lead around the page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { captureOf, ladder, missing, open, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

const selected = (page) => page.locator(".ladder .slab .row.selected");
const place = (page) => page.evaluate(() => location.hash);
const count = (page, text) => page.locator(".seek-count", { hasText: text }).waitFor();

test("a text is found, counted, walked through and marked in the bytes", { skip }, async () => {
  const page = await ladder(browser);
  await page.keyboard.press("Control+f");
  await page.locator(".seek-input:focus").waitFor();
  await page.keyboard.type("ALICE@");
  await count(page, /^1 of \d+$/);
  const many = Number((await page.locator(".seek-count").textContent()).split(" of ")[1]);
  assert.ok(many > 3, `${many}`);
  const first = await place(page);
  const marked = async () => (await page.locator(".hex .digits .run.found").allTextContents()).join(" ").split(/\s+/).join(" ");
  await page.locator(".hex .run.found").first().waitFor();
  assert.equal(Buffer.from((await marked()).replaceAll(" ", ""), "hex").toString().toLowerCase(), "alice@");
  await page.keyboard.press("F3");
  await count(page, /^2 of/);
  await page.keyboard.press("Shift+F3");
  await count(page, /^1 of/);
  assert.equal(await place(page), first);
  await page.keyboard.press("Shift+Enter");
  await count(page, new RegExp(`^${many} of`));
  assert.notEqual(await place(page), first, "it goes round");
  await selected(page).waitFor();
  await page.locator(".seek-bar").getByRole("button", { name: "Bytes", exact: true }).click();
  await page.locator(".seek-input").fill("0d0a 0D0A");
  await count(page, /^\d+ of \d+$/);
  await page.locator(".hex .run.found").first().waitFor();
  assert.match(await marked(), /^0d 0a 0d 0a$/);
  await page.locator(".seek-input").fill("nobody says this");
  await count(page, "Two hexadecimal digits");
  await page.locator(".seek-bar").getByRole("button", { name: "Text", exact: true }).click();
  await count(page, "Not found");
  await page.locator(".seek-input").press("Escape");
  await page.locator(".seek-bar").waitFor({ state: "detached" });
  assert.deepEqual(page.complaints, []);
});

test("on a narrow page find and go to wait behind the last place", { skip }, async () => {
  const page = await ladder(browser, { width: 400, height: 800 });
  const more = page.getByRole("button", { name: "More" });
  for (const [name, field] of [["Find", "Find"], ["Go to", "Go to"]]) {
    await more.click();
    await page.locator(".rail").getByRole("button", { name, exact: true }).click();
    const [box, close] = await Promise.all(
      [page.getByRole("textbox", { name: field, exact: true }), page.locator(".seek-bar").getByRole("button", { name: "Close" })].map(async (part) => {
        await part.waitFor();
        return part.boundingBox();
      }),
    );
    assert.ok(Math.abs(box.y - close.y) < 4 && box.width > 200, `${name}: ${JSON.stringify([box, close])}`);
    if (name === "Find") await page.locator(".seek-bar").getByRole("button", { name: "Bytes", exact: true }).click();
  }
  assert.deepEqual(page.complaints, []);
});

test("writing on leaves one entry of history", { skip }, async () => {
  const page = await ladder(browser);
  await page.keyboard.press("Control+f");
  await page.locator(".seek-input:focus").waitFor();
  const length = () => page.evaluate(() => history.length);
  await page.keyboard.type("A");
  await count(page, /^1 of \d+$/);
  const before = await length();
  const first = await page.evaluate(() => location.hash);
  await page.locator(".seek-input").fill("CAL");
  await count(page, /^1 of \d+$/);
  await page.waitForFunction((first) => location.hash !== first, first);
  assert.equal(await length(), before);
  await page.keyboard.press("F3");
  await count(page, /^2 of/);
});

test("a second Ctrl F is left to the browser", { skip }, async () => {
  const page = await ladder(browser);
  await page.evaluate(() => document.addEventListener("keydown", (event) => (globalThis.last = event)));
  await page.keyboard.press("Control+f");
  assert.equal(await page.evaluate(() => globalThis.last.defaultPrevented), true);
  await page.locator(".seek-input:focus").waitFor();
  await page.keyboard.press("Control+f");
  assert.equal(await page.evaluate(() => globalThis.last.defaultPrevented), false);
});

test("places are gone to, and what is not there is said", { skip }, async () => {
  const page = await ladder(browser);
  const go = async (text) => {
    await page.keyboard.press("g");
    await page.locator(".seek-input:focus").waitFor();
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  };
  const said = (text) => page.locator(".seek-said", { hasText: text }).waitFor();
  const arrived = async (hash) => {
    await page.waitForFunction((hash) => location.hash === hash, hash);
    await page.locator(".seek-bar").waitFor({ state: "detached" });
  };
  await go("7");
  await arrived("#ladder/7");
  const packet = await page.locator(".inspector .said b").textContent();
  await go("2");
  await arrived("#ladder/2");
  await go(packet.replace("packet ", "#"));
  await arrived("#ladder/7");
  const time = await page.locator(".slab .row.selected .when").textContent();
  await go("2");
  await arrived("#ladder/2");
  await go(time);
  await page.waitForFunction(() => location.hash !== "#ladder/2");
  assert.equal(await selected(page).locator(".when").textContent(), time);
  await go("9999");
  await said(/^There is no command 9,999; the last is \d+\.$/);
  await page.locator(".seek-input").fill("#1");
  await page.keyboard.press("Enter");
  await page.locator(".inspector .said", { hasText: "No command ends in it." }).waitFor();
  await page.keyboard.press("g");
  await page.locator(".seek-input").fill("0xffff");
  await page.keyboard.press("Enter");
  await said(/lies behind the end/);
  await page.locator(".seek-input").fill("soon");
  await page.keyboard.press("Enter");
  await said("“soon” is no place.");
  await page.keyboard.press("Escape");
  await page.locator(".seek-bar").waitFor({ state: "detached" });
  assert.deepEqual(page.complaints, []);
});

test("odd commands are walked through, a link is copied, and F6 goes from region to region", { skip }, async () => {
  const page = await browser.page({ hash: "#ladder", permissions: ["clipboard-read", "clipboard-write"] });
  await open(page, captureOf("msnp15-errors-and-oddities"));
  await page.locator(".slab .row .verb").first().waitFor();
  await page.keyboard.press(".");
  await selected(page).waitFor();
  const first = await place(page);
  await page.keyboard.press(".");
  await page.waitForFunction((first) => location.hash !== first, first);
  await page.keyboard.press(",");
  await page.waitForFunction((first) => location.hash === first, first);
  await page.keyboard.press(",");
  await page.locator(".status", { hasText: "Nothing odd is said of a command before this one." }).waitFor();
  await page.keyboard.press("y");
  await page.locator(".status", { hasText: "The link is copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.evaluate(() => location.href));

  const regions = [];
  for (let turn = 0; turn < 8; turn += 1) {
    await page.keyboard.press("F6");
    regions.push(await page.evaluate(() => [".bytes", ".inspector", ".filter-bar", ".split", ".strip", ".rail", ".top"].find((region) => document.activeElement.closest(region))));
  }
  assert.equal(new Set(regions.filter(Boolean)).size, 7, `${regions}`);
  await page.locator(".bytes .rows").focus();
  await page.keyboard.press("Backspace");
  await page.locator(".ladder .rows:focus").waitFor();
  const here = await page.evaluate(() => document.activeElement.outerHTML);
  await page.keyboard.press("F6");
  await page.keyboard.press("Shift+F6");
  assert.equal(await page.evaluate(() => document.activeElement.outerHTML), here);
  assert.deepEqual(page.complaints, []);
});

test("from findings, where there are none, back to the ladder", { skip }, async () => {
  const page = await browser.page({ hash: "#ladder" });
  await open(page, captureOf("msnp8-signin-chat"));
  await page.keyboard.press("7");
  await page.locator(".findings .row").first().waitFor();
  // Nothing odd is said of the chat alone.
  await page.getByRole("combobox", { name: "Connection" }).selectOption("2");
  await page.getByText("Nothing odd in these commands").waitFor();
  await page.keyboard.press("2");
  await page.locator(".ladder .row .verb").first().waitFor();
  assert.deepEqual(page.complaints, []);
});
