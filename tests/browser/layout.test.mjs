// Large text, a projector's rows, telephones, crowded rows: nothing is cut without a sign, nothing lies over what is read.

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
const PHONE = { width: 400, height: 800, hasTouch: true };

/** A row of the list, by its place among those that exist; the inspector is there when this returns. */
async function choose(page, nth) {
  const row = page.locator(".split > .pane:first-child .slab .row:not(.heading, .silence, .run)").nth(nth);
  await row.click({ position: { x: 30, y: 8 } });
  await page.locator(".inspector[aria-busy=false]").waitFor();
}

/** What is said where it does not fit: words over the edge of their box without an ellipsis, rows lower than their letters,
    heads that lie over one another. */
function cut(page) {
  return page.evaluate(() => {
    const words = ".rail .label, .head .name bdi, .head .of, .chip, .button, .tabs button, .counts, .file, .fields .name, .fields .value, .c-delay";
    const shown = (element) => element.getClientRects().length > 0 && !element.closest(".unseen");
    const marked = (element) => getComputedStyle(element).textOverflow === "ellipsis";
    const over = [...document.querySelectorAll(words)].filter(
      (element) => shown(element) && (element.scrollHeight > element.clientHeight + 3 || (element.scrollWidth > element.clientWidth + 1 && !marked(element))) && element.clientWidth > 0,
    );
    const low = [...document.querySelectorAll(".row, .table-head, .heads")].filter((row) => {
      const size = Math.max(...[...row.querySelectorAll("span, b")].filter(shown).map((word) => Number.parseFloat(getComputedStyle(word).fontSize)), 0);
      return row.clientHeight > 0 && row.clientHeight < size * 1.2;
    });
    const heads = [...document.querySelectorAll(".head")].map((head) => head.getBoundingClientRect());
    const near = heads.filter((head, at) => at > 0 && head.left < heads[at - 1].right - 1);
    const rail = document.querySelector(".rail").getBoundingClientRect();
    const out = [...document.querySelectorAll(".rail .label")].filter((label) => shown(label) && label.getBoundingClientRect().right > rail.right);
    return [...over, ...low, ...out].map((element) => `${element.className} ${element.textContent.slice(0, 30)}`).concat(near.map((head) => `head at ${head.left}`));
  });
}

for (const [size, rows] of [[150, "normal"], [200, "normal"], [100, "projector"], [200, "projector"]]) {
  test(`text of ${size} % and ${rows} rows: words are whole, and there is room to read`, { skip }, async () => {
    const page = await browser.page({ width: 1280, height: 720, hash: "#ladder" });
    await page.evaluate((kept) => localStorage.setItem("msnp.settings", kept), `utc ${rows} ${size} keys 0`);
    await page.reload();
    await open(page, captureOf("msnp8-signin-chat"));
    await page.locator(".ladder .row .verb").first().waitFor();
    for (const key of ["2", "3", "8"]) {
      await page.keyboard.press(key);
      await choose(page, 3);
      await page.waitForTimeout(200);
      assert.deepEqual(await cut(page), [], key);
      const list = await page.locator(".split > .pane:first-child .rows").boundingBox();
      const row = await page.locator(".slab .row.selected").boundingBox();
      assert.ok(list.height >= 2.5 * row.height && row.y >= list.y && row.y + row.height <= list.y + list.height + 1, `${key}: ${list.height} for rows of ${row.height}`);
    }
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(sideways, 0);
  });
}

test("who has set larger text in the browser has rows, heads and bytes with room for it", { skip }, async () => {
  const large = await start("header", ["--blink-settings=defaultFontSize=28"]);
  try {
    const page = await firstLadder(large, { width: 1440, height: 900 });
    for (const key of ["2", "3", "8"]) {
      await page.keyboard.press(key);
      await choose(page, 3);
      await page.waitForTimeout(200);
      assert.deepEqual(await cut(page), [], key);
    }
    assert.equal(await page.locator(".slab .row").first().evaluate((row) => row.getBoundingClientRect().height), 42);
  } finally {
    await large.close();
  }
});

test("on a telephone a row that is tapped stands over the sheet", { skip }, async () => {
  for (const [key, selected] of [["2", ".slab .row.selected"], ["3", ".slab .row.selected"], ["4", ".bubble.selected"]]) {
    const page = await ladder(PHONE);
    await page.keyboard.press(key);
    const before = key === "4" ? page.locator(".bubble").nth(3) : page.locator(".split > .pane:first-child .slab .row:has(:is(.verb, .c-verb))").nth(9);
    const inSight = () =>
      page.waitForFunction((selected) => {
        const row = document.querySelector(selected)?.getBoundingClientRect();
        return row && row.top >= 48 && row.bottom <= document.querySelector(".inspector").getBoundingClientRect().top + 1;
      }, selected);
    await before.click({ position: { x: 30, y: 8 } });
    await page.locator(".inspector[aria-busy=false]").waitFor();
    await inSight();
    // The next ones too.
    for (let times = 0; key !== "4" && times < 6; times += 1) {
      const place = await page.evaluate(() => location.hash);
      await page.getByRole("button", { name: "Next" }).click();
      await page.waitForFunction((place) => location.hash !== place, place);
      await inSight();
    }
    await page.context().close();
  }
});

test("on a telephone times, colours and keys are reached behind More, and long words end in an ellipsis", { skip }, async () => {
  const page = await ladder(PHONE);
  await page.getByRole("button", { name: "More" }).click();
  await page.locator(".rail").getByRole("button", { name: "UTC" }).click();
  await page.locator(".rail").getByRole("button", { name: "Local" }).click();
  await page.locator(".slab .row .when", { hasText: "+0.1" }).first().waitFor();
  await page.locator(".rail").getByRole("button", { name: "Keys" }).click();
  await page.getByRole("button", { name: "Larger" }).click();
  await page.waitForFunction(() => getComputedStyle(document.documentElement).fontSize === "17.6px");
  await page.getByRole("button", { name: "Smaller" }).click();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.deepEqual(await cut(page), []);
  const carried = page.locator(".slab .row .carries > span", { hasText: "http" }).first();
  assert.ok(await carried.evaluate((words) => words.scrollWidth > words.clientWidth && getComputedStyle(words).textOverflow === "ellipsis"));
  assert.deepEqual(page.complaints, []);
});

test("beside the inspector lifelines stay apart, and the heads go where the list is scrolled", { skip }, async () => {
  const page = await browser.page({ width: 1280, height: 720, hash: "#ladder" });
  const lefts = () => page.locator(".head").evaluateAll((heads) => heads.map((head) => head.getBoundingClientRect().left));
  // The inspector as wide as usual, then so wide that what rows carry is reached by scrolling.
  for (const split of [0, 45]) {
    await page.evaluate((kept) => localStorage.setItem("msnp.settings", kept), `utc normal 100 keys ${split}`);
    await page.reload();
    await open(page, captureOf("msnp8-signin-chat"));
    await choose(page, 2);
    const [first, second] = await lefts();
    assert.ok(second - first >= 82, `${split}: ${second - first}`);
  }
  const list = page.locator(".ladder .rows");
  assert.ok((await list.evaluate((rows) => rows.scrollWidth - rows.clientWidth)) > 40);
  const [before] = await lefts();
  await list.evaluate((rows) => rows.scrollTo(40, 0));
  await page.waitForFunction((left) => document.querySelector(".head").getBoundingClientRect().left === left - 40, before);
  const [plate, head] = await Promise.all([page.locator(".plate").first().boundingBox(), page.locator(".head").nth(1).boundingBox()]);
  assert.ok(plate.x + plate.width / 2 < head.x + head.width / 2, "heads stand over their lifelines");
});

test("a note stands beside what its command carries, in the ladder and in the list", { skip }, async () => {
  const page = await ladder({ width: 1280, height: 720 });
  await choose(page, 3);
  await page.keyboard.press("n");
  await page.keyboard.type("Here the server says which clients it knows, and where to get them");
  await page.keyboard.press("Enter");
  for (const [key, carried] of [["2", ".carries"], ["3", ".c-wire > bdi"]]) {
    await page.keyboard.press(key);
    const row = page.locator(".slab .row.selected");
    await row.locator(".noted").waitFor();
    const [note, words] = [await row.locator(".noted").boundingBox(), await row.locator(carried).boundingBox()];
    assert.ok(note.width > 50 && words.width > 50 && words.x + words.width <= note.x + 1, `${key}: ${words.width} and ${note.width}`);
    assert.match(await row.locator(".noted").getAttribute("title"), /^Here the server/);
  }
});

test("a note of several lines is read whole where it is written", { skip }, async () => {
  const page = await ladder({ width: 1280, height: 720 });
  await choose(page, 3);
  const note = page.locator("#note");
  const { height } = await note.boundingBox();
  await page.keyboard.press("n");
  await page.keyboard.type("Here the server says which clients it knows, ".repeat(3));
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("and where to get them");
  const grown = await note.evaluate((field) => [field.offsetHeight, field.scrollHeight - field.clientHeight]);
  assert.ok(grown[0] > height * 2 && grown[1] <= 1, `${height}, then ${grown}`);
  await page.keyboard.press("Enter");
  assert.match(await page.locator(".slab .row.selected .noted").getAttribute("title"), /\nand where to get them$/);
});

test("an opened payload shows its text whole, and its row keeps its words", { skip }, async () => {
  for (const size of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }, PHONE]) {
    const page = await browser.page({ hash: "#ladder/58", ...size });
    await open(page, captureOf("msnp8-signin-chat"));
    await page.locator(".ladder .row.selected").waitFor();
    await page.locator(".ladder .rows").focus();
    await page.keyboard.press("ArrowRight");
    const said = page.locator(".ladder .row.open .said", { hasText: "my own eyes" });
    await said.waitFor();
    const [over, words, block, tall] = await said.evaluate((said) => {
      const row = said.closest(".row");
      const block = row.querySelector(".payload");
      const next = row.nextElementSibling.getBoundingClientRect().top;
      return [
        [said.scrollWidth - said.clientWidth, said.scrollHeight - said.clientHeight],
        row.querySelector(".carries").offsetWidth,
        block.scrollHeight - block.clientHeight,
        next - block.getBoundingClientRect().bottom,
      ];
    });
    assert.ok(over.every((pixels) => pixels <= 1) && block <= 1, `${size.width}: cut by ${over}, the block by ${block}`);
    assert.ok(words > 90, `${size.width}: ${words}`);
    assert.ok(tall >= 0 && tall < 16, `${size.width}: ${tall} below the block`);
  }
});

test("what is carried begins under its head, which no lifeline's head covers", { skip }, async () => {
  const page = await ladder({ width: 1440, height: 900 });
  for (const rows of ["normal", "larger", "projector"]) {
    const [title, carried, head] = await page.evaluate(() => {
      const head = document.querySelector(".heads .c-carries");
      const row = document.querySelector(".ladder .row .carries").getBoundingClientRect();
      const last = [...document.querySelectorAll(".head")].at(-1).getBoundingClientRect();
      return [head.getBoundingClientRect().left + Number.parseFloat(getComputedStyle(head).paddingLeft), row.left, last.right];
    });
    assert.ok(Math.abs(title - carried) < 1.5 && head <= title, `${rows}: ${title}, ${carried}, ${head}`);
    await page.keyboard.press("m");
    await page.waitForTimeout(300);
  }
});

test("findings are told apart, however narrow", { skip }, async () => {
  for (const size of [{ width: 1440, height: 900 }, { width: 1280, height: 720 }, PHONE]) {
    const page = await browser.page({ hash: "#findings", ...size });
    await open(page, captureOf("msnp9-file-p2p-lossy"));
    await page.locator(".findings .slab .row").nth(3).waitFor();
    if (size !== PHONE) await page.locator(".findings .slab .row").nth(1).click();
    await page.waitForTimeout(300);
    const cut = await page.locator(".findings .words").evaluateAll((all) =>
      all.map((words) => [words.textContent, words.scrollHeight - words.clientHeight, words.clientHeight, words.closest(".row").clientHeight]));
    assert.ok(cut.every(([, , tall, row]) => tall <= row && tall > 20), JSON.stringify(cut));
    // A telephone has no tooltip that says the rest.
    if (size === PHONE) assert.deepEqual(cut.filter(([, over]) => over > 1), []);
  }
});

test("bubbles have room beside the inspector, and words of presence stay in their bars", { skip }, async () => {
  const page = await ladder({ width: 1280, height: 720 });
  await page.keyboard.press("4");
  await page.locator(".bubble").first().click();
  await page.locator(".inspector[aria-busy=false]").waitFor();
  const talk = await page.locator(".talk").boundingBox();
  const long = await page.locator(".bubble", { hasText: "The question about" }).boundingBox();
  assert.ok(long.width > talk.width / 2, `${long.width} of ${talk.width}`);
  const people = await browser.page({ hash: "#people" });
  await open(people, captureOf("msnp11-signed-in-elsewhere"));
  await people.locator(".presence .bar").first().waitFor();
  const outside = await people.locator(".presence .bar").evaluateAll((bars) => bars.filter((bar) => {
    const [ground, words] = [bar.querySelector("rect"), bar.querySelector("p")].map((part) => part?.getBoundingClientRect());
    return words && (words.right > ground.right + 2 || words.left < ground.left - 2 || words.height < 10);
  }).map((bar) => bar.textContent));
  assert.deepEqual(outside, []);
  assert.ok((await people.locator(".presence .bar p").count()) > 1);
});

test("more lifelines than a telephone is wide are reached by scrolling sideways", { skip }, async () => {
  const page = await browser.page({ ...PHONE, width: 240, hash: "#ladder" });
  const captures = ["msnp8-signin-chat", "msnp12-chat-emoticons", "msnp11-picture-p2p", "msnp15-signin-sso"];
  await page.locator("input[type=file]").first().setInputFiles(captures.map(captureOf));
  await page.locator(".status", { hasText: "All read" }).waitFor({ state: "attached" });
  await page.locator(".heads .head").nth(5).waitFor();
  const last = () => page.locator(".heads .head").last().boundingBox();
  assert.ok((await last()).x > 225, "the last one is out of sight");
  await page.locator(".ladder .rows").evaluate((rows) => rows.scrollTo(rows.scrollWidth, 0));
  await page.waitForFunction(() => [...document.querySelectorAll(".heads .head")].at(-1).getBoundingClientRect().right <= 240);
  assert.deepEqual(page.complaints, []);
});

test("on a telephone a finding says that its command is only near, as its evidence does elsewhere", { skip }, async () => {
  const page = await browser.page({ hash: "#findings", ...PHONE });
  await open(page, captureOf("msnp9-chat-cut-in-packet"));
  const row = page.locator(".findings .row", { hasText: "The capture file itself is not complete" });
  const [near, evidence] = [row.locator(".near"), row.locator(".c-evidence")];
  await near.waitFor();
  assert.match(await near.textContent(), /^near № \d+: $/);
  assert.equal(await evidence.isVisible(), false);
  await page.setViewportSize({ width: 1440, height: 900 });
  await evidence.filter({ hasText: /^near .* № \d+ · packet \d+$/ }).waitFor();
  await near.waitFor({ state: "hidden" });
});
