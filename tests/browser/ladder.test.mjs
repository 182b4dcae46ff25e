// The ladder and what is around it: exports, ranges, times, sizes of rows and text, the time strip, the splitter.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { captureOf, ladder as firstLadder, missing, open, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

const ladder = (options) => firstLadder(browser, options);

const times = async (page) => (await page.locator(".slab .row .when").allTextContents()).slice(0, 3);

/** What the export menu saves in a form. */
async function saved(page, form) {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".menu-sheet").getByRole("button", { name: form }).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test("the ladder is saved as SVG that browsers parse, with every row", { skip }, async () => {
  const page = await ladder();
  const { name, bytes } = await saved(page, "SVG");
  assert.equal(name, "capture-ladder.svg");
  const found = await page.evaluate((text) => {
    const drawing = new DOMParser().parseFromString(text, "image/svg+xml");
    return { fault: drawing.querySelector("parsererror")?.textContent, texts: [...drawing.querySelectorAll("text")].map((text) => text.textContent) };
  }, bytes.toString("utf8"));
  assert.equal(found.fault, undefined);
  assert.equal(found.texts.filter((text) => /^VER ?1$/.test(text)).length, 2);
  assert.ok(found.texts.some((text) => text.startsWith("Chat room 11752013")));
  assert.deepEqual(page.complaints, []);
});

test("the ladder is saved as PNG at twice its size, or the reason why not is told", { skip }, async () => {
  const page = await ladder();
  const { name, bytes } = await saved(page, "PNG");
  assert.equal(name, "capture-ladder.png");
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  assert.equal(bytes.readUInt32BE(16), 2200);
  assert.deepEqual(page.complaints, []);
});

test("selected rows alone are saved as text", { skip }, async () => {
  const page = await ladder();
  await page.locator(".slab .row", { has: page.locator(".verb", { hasText: "VER1" }) }).first().click();
  await page.locator(".fields .row").first().waitFor();
  await page.locator(".rows").first().focus();
  await page.keyboard.press("Shift+ArrowDown");
  await page.locator(".row.ranged").nth(1).waitFor();
  const { name, bytes } = await saved(page, "Text");
  assert.equal(name, "capture-ladder.txt");
  const lines = bytes.toString("utf8").trimEnd().split("\n");
  assert.equal(lines.length, 5);
  assert.match(lines[3], /^18:30:04\.228 {4}\|-+VER 1-+>\| .*MSNP8 CVR0$/);
  assert.match(lines[4], /^18:30:04\.281 {4}\|<-+VER 1-+\| .*MSNP8 \(0\.05 s\)$/);
});

test("times are shown in four forms, and the form is remembered", { skip }, async () => {
  const page = await ladder({ timezoneId: "Europe/Rome" });
  assert.deepEqual(await times(page), ["18:30:04.228", "18:30:04.281", "18:30:04.283"]);
  await page.keyboard.press("t");
  assert.deepEqual(await times(page), ["19:30:04.228", "19:30:04.281", "19:30:04.283"]);
  assert.match(await page.locator(".heads .c-when").textContent(), /UTC\+1/);
  await page.getByRole("group", { name: "Times" }).getByRole("button", { name: "Since start" }).click();
  assert.deepEqual(await times(page), ["+0.109", "+0.161", "+0.164"]);
  await page.keyboard.press("t");
  assert.equal((await times(page))[1], "+0.052");
  await page.keyboard.press("3");
  assert.match(await page.locator(".slab .row .c-time").nth(1).textContent(), /^\+0\.052$/);
  await page.reload();
  await page.locator("h1").first().waitFor();
  await open(page, captureOf("msnp8-signin-chat"));
  assert.equal(await page.getByRole("button", { name: "Δ row" }).getAttribute("aria-pressed"), "true");
});

test("rows and text change their size together", { skip }, async () => {
  const page = await ladder();
  const tall = (pixels) =>
    page.waitForFunction((pixels) => document.querySelector(".slab .row:has(.verb)")?.getBoundingClientRect().height === pixels, pixels);
  await tall(24);
  for (const pixels of [30, 40, 20, 24]) {
    await page.keyboard.press("m");
    await tall(pixels);
  }
  for (let times = 0; times < 5; times += 1) await page.keyboard.press("+");
  await tall(36);
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize), "24px");
  await page.keyboard.press("0");
  await tall(24);
});

test("single keys can be switched off", { skip }, async () => {
  const page = await ladder();
  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: /Single keys/ }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("3");
  await page.waitForTimeout(100);
  assert.equal(await page.getByRole("button", { name: "Ladder" }).getAttribute("aria-current"), "page");
  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByRole("checkbox", { name: /Single keys/ }).check();
  await page.keyboard.press("Escape");
  await page.keyboard.press("3");
  await page.locator(".table-head").waitFor();
});

test("the time strip leads to a time and filters by a range", { skip }, async () => {
  const page = await ladder();
  const strip = page.locator(".strip-area");
  const box = await strip.boundingBox();
  await page.mouse.click(box.x + box.width * 0.9, box.y + 10);
  await page.waitForFunction(() => document.querySelector(".rows").scrollTop > 400);
  await page.mouse.move(box.x + 2, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.02, box.y + 10, { steps: 4 });
  await page.mouse.up();
  const field = page.locator(".filter-input");
  await page.waitForFunction(() => document.querySelector(".filter-input")?.value.includes("frame.time_epoch >="));
  assert.match(await field.inputValue(), /^frame\.time_epoch >= [\d.]+ && frame\.time_epoch < [\d.]+$/);
  await page.getByRole("button", { name: "All times" }).click();
  await page.waitForFunction(() => document.querySelector(".filter-input")?.value === "");
});

test("the line between list and inspector moves, by pointer and by keys, and goes back", { skip }, async () => {
  const page = await ladder();
  await page.locator(".slab .row", { has: page.locator(".verb") }).first().click();
  const width = async () => Math.round((await page.locator(".inspector").boundingBox()).width);
  await page.locator(".inspector[aria-busy=false]").waitFor();
  const usual = await width();
  const line = page.getByRole("separator", { name: "Width of the inspector" });
  const box = await line.boundingBox();
  await page.mouse.move(box.x + 4, 600);
  await page.mouse.down();
  await page.mouse.move(box.x - 116, 600, { steps: 4 });
  await page.mouse.up();
  const becomes = (least, most) =>
    page.waitForFunction(([least, most]) => {
      const width = document.querySelector(".inspector").getBoundingClientRect().width;
      return width >= least && width <= most;
    }, [least, most]);
  await becomes(usual + 101, usual + 139);
  const wider = await width();
  await line.focus();
  await page.keyboard.press("ArrowRight");
  await becomes(usual, wider - 1);
  await line.dblclick();
  await becomes(usual - 0.5, usual + 0.5);
});

test("a place in the bytes can be gone to, and bytes are copied", { skip }, async () => {
  const page = await ladder({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator(".slab .row", { has: page.locator(".verb", { hasText: "VER1" }) }).first().click();
  const field = page.getByLabel("Offset");
  await field.fill("4");
  await field.press("Enter");
  assert.match(await page.locator(".fields .row.selected").textContent(), /Transaction ID/);
  assert.equal(await field.inputValue(), "0x0004");
  await field.fill("nowhere");
  await field.press("Enter");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await field.fill("0x0");
  await field.press("Enter");
  assert.match(await page.locator(".byte-values").textContent(), /u8 86u16 LE 17750u16 BE 22085/);
  await page.locator(".copies").getByRole("button", { name: "Hex" }).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "56 45 52");
});

test("the words on an arrow stand over it", { skip }, async () => {
  const page = await ladder();
  // Strokes lie over the ground of a row and under its words: a row that is a layer of its own would lie under them whole.
  const layer = await page.locator(".ladder .slab .row").nth(2).evaluate((row) => {
    const { contentVisibility, contain, zIndex, transform, opacity } = getComputedStyle(row);
    return [contentVisibility, contain, zIndex, transform, opacity].join(" ");
  });
  assert.equal(layer, "visible none auto none 1");
});

test("lifelines are put in another order, by pointer and by keys, and saved in it", { skip }, async () => {
  const page = await ladder();
  const heads = page.locator(".head .name");
  const inOrder = (names) =>
    page.waitForFunction((names) => [...document.querySelectorAll(".head .name")].map((head) => head.textContent).join() === names, names.join());
  await inOrder(["alice", "DS", "NS", "SB", "guests"]);
  const middle = async (at) => {
    const { x, y, width, height } = await heads.nth(at).boundingBox();
    return [x + width / 2, y + height / 2];
  };
  const [from, y] = await middle(3);
  const [to] = await middle(1);
  await page.mouse.move(from, y);
  await page.mouse.down();
  await page.mouse.move(to, y, { steps: 4 });
  await page.locator(".head.before", { hasText: "DS" }).waitFor();
  await page.mouse.up();
  await inOrder(["alice", "SB", "DS", "NS", "guests"]);
  await page.locator(".head").first().focus();
  await page.keyboard.press("Shift+ArrowRight");
  await inOrder(["SB", "alice", "DS", "NS", "guests"]);
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^alice/);
  const { bytes } = await saved(page, "Text");
  const [, , names] = bytes.toString("utf8").split("\n");
  assert.match(names, /SB +alice +DS +NS +guests/);
  assert.deepEqual(page.complaints, []);
});
