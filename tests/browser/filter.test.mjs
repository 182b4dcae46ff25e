// The filter bar: what is written, what is offered, what is left of the list, and what is said when it cannot be read.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { captureOf, ladder, missing, open, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

async function list(view) {
  const page = await browser.page({ hash: `#${view}` });
  await open(page, captureOf("msnp8-signin-chat"));
  await page.locator(".slab .row").nth(3).waitFor();
  return page;
}

const field = (page) => page.getByRole("combobox", { name: "Filter" });
const count = (page, text) => page.locator(".filter-count", { hasText: text }).waitFor();
/** Verbs of the rows; these come behind the count. */
const verbs = async (page) => {
  const all = page.locator(".slab .row .c-verb");
  await all.first().waitFor();
  return all.allTextContents();
};

test("an expression leaves its commands, and clearing it brings all back", { skip }, async () => {
  const page = await list("commands");
  const all = (await verbs(page)).length;
  await page.keyboard.press("/");
  await page.keyboard.type('msnp.verb == "MSG"');
  await count(page, /^\d+ of \d+ · \d+ ms$/);
  const left = await verbs(page);
  assert.ok(left.length > 2 && left.length < all, `${left.length} of ${all}`);
  assert.ok(left.every((verb) => verb === "MSG"), left.join());
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.locator(".filter-count", { hasText: /^$/ }).waitFor({ state: "attached" });
  assert.equal(await field(page).inputValue(), "");
  // As many as are asked for around the visible ones.
  await page.waitForFunction((left) => document.querySelectorAll(".slab .row .c-verb").length > left + 10, left.length);
  assert.equal(await page.locator(".pane-head .quiet").textContent(), "94 commands");
  assert.deepEqual((await verbs(page)).slice(0, 3), ["VER", "VER", "CVR"]);
});

test("a mistake is underlined, explained, and changes nothing", { skip }, async () => {
  const page = await list("commands");
  await field(page).fill("msnp.trid > 2");
  await count(page, /of/);
  const before = await verbs(page);
  await field(page).press("End");
  await page.keyboard.type(" ");
  await page.waitForTimeout(300);
  assert.deepEqual(await verbs(page), before, "a blank more is the same filter");
  await field(page).fill("msnp.trids > 2");
  await page.getByText("“msnp.trids” is not a field. Did you mean “msnp.trid”?").waitFor();
  assert.equal(await page.locator(".ink-wrong").textContent(), "msnp.trids");
  await count(page, /^still showing \d+$/);
  assert.deepEqual(await verbs(page), before);
  assert.equal(await field(page).getAttribute("aria-invalid"), "true");
});

test("what is missing at the end of a long filter is marked in sight", { skip }, async () => {
  const page = await list("commands");
  await field(page).fill("");
  await page.keyboard.type(`(msnp.verb == "MSG"${' or msnp.verb == "USR"'.repeat(8)}`);
  const wrong = page.locator(".ink-wrong");
  await wrong.waitFor({ state: "attached" });
  await page.waitForTimeout(300);
  const [mark, ink] = await wrong.evaluate((wrong) => [wrong, wrong.parentElement].map((part) => part.getBoundingClientRect().right));
  assert.ok(mark <= ink + 1, `${mark} lies beyond ${ink}`);
});

test("on a telephone the lens opens the field and leads into it", { skip }, async () => {
  const page = await ladder(browser, { width: 400, height: 800 });
  await page.locator(".filter-lens").click();
  await page.waitForFunction(() => document.activeElement?.classList.contains("filter-input"));
});

test("fields and values seen here are offered, and chosen by keyboard", { skip }, async () => {
  const page = await list("commands");
  await page.keyboard.press("/");
  await page.keyboard.type("msnp.ver");
  await page.getByRole("option", { name: /msnp\.verb\b/ }).first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await field(page).inputValue(), "msnp.verb ");
  await page.keyboard.type("== U");
  await page.getByRole("option", { name: /"USR"/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  assert.equal(await field(page).inputValue(), 'msnp.verb == "USR" ');
  await count(page, /of/);
  assert.ok((await verbs(page)).every((verb) => verb === "USR"));
});

test("chips are conditions that are added and taken away", { skip }, async () => {
  const page = await list("ladder");
  const texts = page.getByRole("button", { name: "Texts", exact: true });
  await texts.click();
  assert.equal(await texts.getAttribute("aria-pressed"), "true");
  await page.getByRole("button", { name: "No pings" }).click();
  assert.match(await field(page).inputValue(), /^msnp\.text && msnp\.verb not in /);
  await texts.click();
  assert.match(await field(page).inputValue(), /^msnp\.verb not in /);
  await count(page, /of/);
});

test("a field is used as filter, by key and by button", { skip }, async () => {
  const page = await list("ladder");
  await page.locator(".row", { has: page.locator(".verb", { hasText: "VER1" }) }).first().click();
  await page.locator(".fields .row", { hasText: "Transaction" }).click();
  await page.getByRole("button", { name: "Use as filter" }).click();
  assert.equal(await field(page).inputValue(), "msnp.trid == 1");
  await page.locator(".fields .row", { hasText: "Verb" }).click();
  await page.keyboard.press("f");
  assert.equal(await field(page).inputValue(), 'msnp.verb == "VER"');
  await count(page, /of/);
});

test("what is searched for may stand in any text", { skip }, async () => {
  const page = await list("commands");
  await field(page).fill("alice");
  await count(page, /of/);
  assert.ok((await verbs(page)).length > 3);
  await field(page).fill("nobody-says-this");
  await count(page, /^0 of/);
});

test("a filter that nothing passes says so, and is cleared", { skip }, async () => {
  const page = await list("ladder");
  await page.keyboard.press("/");
  await page.keyboard.type("zzzz");
  const empty = page.locator(".teach", { hasText: "No command passes the filter" });
  await empty.waitFor();
  await empty.getByRole("button", { name: "Clear the filter" }).click();
  await page.locator(".slab .row").nth(3).waitFor();
  assert.equal(await field(page).inputValue(), "");
  assert.deepEqual(page.complaints, []);
});

test("what somebody writes is found by the account, the client's own messages too", { skip }, async () => {
  const page = await list("commands");
  await page.keyboard.press("/");
  await page.keyboard.type('msnp.verb == "MSG" && msnp.account contains "alice"');
  await count(page, /^[1-9]\d* of \d+ · \d+ ms$/);
  assert.ok((await verbs(page)).length > 5);
  assert.deepEqual(page.complaints, []);
});

test("what is selected is brought into view in every list, and when a filter is taken away", { skip }, async () => {
  const page = await list("commands");
  await page.locator(".rows").first().focus();
  await page.keyboard.press("End");
  const selected = page.locator(".slab .row.selected");
  await selected.waitFor();
  for (const key of ["2", "8", "3"]) {
    await page.keyboard.press(key);
    await page.waitForFunction(() => {
      const row = document.querySelector(".slab .row.selected")?.getBoundingClientRect();
      const list = document.querySelector(".split .rows").getBoundingClientRect();
      return row && row.top >= list.top - 1 && row.bottom <= list.bottom + 1;
    });
  }
  assert.deepEqual(page.complaints, []);
});

test("a link to a command that the capture does not have says so", { skip }, async () => {
  const page = await browser.page({ hash: "#commands/7000" });
  await open(page, captureOf("msnp8-signin-chat"));
  await page.locator(".status", { hasText: "There is no command 7000: the last is " }).waitFor({ state: "attached" });
  assert.equal(await page.locator(".slab .row.selected").count(), 0);
  assert.deepEqual(page.complaints, []);
});
