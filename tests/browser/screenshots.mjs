// Pictures of every state, for looking at: node tests/browser/screenshots.mjs [folder]
// They go to target/screenshots/ unless a folder is named.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { large } from "./support/capture.mjs";
import { CHUNK, inOrder, picture, transfer } from "./support/transfer.mjs";
import { captureOf, choose, missing, open, root, start } from "./support/browser.mjs";

const folder = resolve(process.argv[2] ?? join(root, "target/screenshots"));
const lacks = missing();
if (lacks) {
  console.log(lacks);
  process.exit(0);
}
mkdirSync(folder, { recursive: true });

const FIRST_CHAT = captureOf("msnp8-signin-chat");

/** A list with the chat's message open: row selected, payload folded open, text selected. */
async function message(page, key) {
  await open(page, FIRST_CHAT);
  await page.keyboard.press(key);
  await page.locator(".slab .row").nth(4).waitFor();
  await page.locator(".slab .row:not(.heading)").nth(4).click({ position: { x: 30, y: 8 } });
  // The first chat text is far below: walk there as a reader would.
  const texts = page.locator(".slab .row", { hasText: "“" });
  for (let tries = 0; tries < 12 && (await texts.count()) === 0; tries += 1) await page.keyboard.press("PageDown");
  for (let tries = 0; tries < 8; tries += 1) await page.keyboard.press("ArrowDown");
  const row = texts.first();
  await row.click({ position: { x: 30, y: 8 } });
  const fold = row.locator(".fold-payload");
  if (await fold.count()) await fold.click();
  const field = page.locator(".fields .row", { hasText: "Text" }).last();
  if (await field.isVisible()) await field.click();
}

/** A picture that comes with everything that can be said about chunks. */
async function holed(page) {
  const file = picture();
  const chunks = inOrder(file).map((chunk, at) => ({ ...chunk, after: at === 44 ? 1900 : at > 70 ? 30 : 20 + (at % 7) * 3 }));
  const different = { ...chunks[60], bytes: Buffer.alloc(CHUNK, 7), after: 30 };
  const [late] = chunks.splice(33, 1);
  chunks.splice(36, 0, late);
  chunks.splice(14, 0, { ...chunks[12] }, { ...chunks[13] });
  chunks.splice(66, 0, different);
  const kept = chunks.filter(({ offset }) => offset < 50 * CHUNK || offset >= 53 * CHUNK);
  await open(page, { name: "balloon.pcap", mimeType: "application/octet-stream", buffer: transfer({ name: "balloon.bmp", file, chunks: kept, acknowledged: false }) });
  await page.locator(".picture img").waitFor();
}

const LARGE = large(200);

async function loading(page) {
  await choose(page, LARGE.path);
  await page.locator(".loading").waitFor();
}

async function stopped(page) {
  await choose(page, LARGE.path);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Reading was stopped").waitFor();
}

const STATES = {
  empty: { reach: async () => {} },
  refused: { reach: (page) => choose(page, { name: "holiday.png", mimeType: "image/png", buffer: Buffer.from("89504e470d0a1a0a00", "hex") }) },
  loading: { reach: loading, hash: "#ladder", settle: 0 },
  stopped: { reach: stopped },
  overview: { reach: (page) => open(page, FIRST_CHAT) },
  "overview-holes": { reach: (page) => open(page, captureOf("msnp11-chat-lost-segment")) },
  ladder: { reach: (page) => message(page, "2") },
  "ladder-alone": { reach: (page) => open(page, FIRST_CHAT), hash: "#ladder" },
  "ladder-holes": { reach: (page) => open(page, captureOf("msnp11-chat-lost-segment")), hash: "#ladder" },
  "ladder-midstream": { reach: (page) => open(page, captureOf("msnp12-chat-midstream")), hash: "#ladder" },
  commands: { reach: (page) => message(page, "3") },
  packets: {
    hash: "#packets",
    reach: async (page) => {
      await open(page, FIRST_CHAT);
      await page.locator(".slab .row").nth(9).click();
      await page.locator(".inspector h2").first().waitFor();
    },
  },
  findings: {
    hash: "#findings",
    reach: async (page) => {
      await open(page, captureOf("msnp15-errors-and-oddities"));
      await page.locator(".findings .row").nth(1).click();
    },
  },
  chats: {
    hash: "#chats",
    reach: async (page) => {
      await open(page, FIRST_CHAT);
      await page.locator(".bubble").first().click();
    },
  },
  transfers: { reach: (page) => open(page, captureOf("msnp11-pictures-p2p")), hash: "#transfers" },
  "transfers-declined": { reach: (page) => open(page, captureOf("msnp11-file-declined")), hash: "#transfers" },
  "transfers-migrating": { reach: (page) => open(page, captureOf("msnp15-file-direct-migrating")), hash: "#transfers" },
  "transfers-udp": { reach: (page) => open(page, captureOf("msnp18-file-udp")), hash: "#transfers" },
  "transfers-holes": { reach: (page) => holed(page), hash: "#transfers" },
  "transfers-replay": {
    hash: "#transfers",
    reach: async (page) => {
      await holed(page);
      await page.getByLabel("Time of the arrival").fill("620");
    },
  },
  "transfers-table": {
    hash: "#transfers",
    reach: async (page) => {
      await holed(page);
      await page.getByRole("button", { name: "Table" }).click();
    },
  },
  "transfers-none": { reach: (page) => open(page, FIRST_CHAT), hash: "#transfers" },
  people: { reach: (page) => open(page, captureOf("msnp11-signed-in-elsewhere")), hash: "#people" },
  "no-msnp": { reach: (page) => open(page, captureOf("non-msnp-web")) },
  cut: { reach: (page) => open(page, captureOf("msnp9-chat-cut-in-packet")), hash: "#ladder" },
  explain: {
    reach: async (page) => {
      await message(page, "2");
      await page.getByRole("tab", { name: "Explain" }).click();
    },
  },
  keys: { reach: (page) => page.keyboard.press("?") },
};

const SIZES = {
  light: { width: 1440, height: 900, colorScheme: "light" },
  dark: { width: 1440, height: 900, colorScheme: "dark" },
  1280: { width: 1280, height: 800, colorScheme: "light" },
  1024: { width: 1024, height: 768, colorScheme: "light" },
  1920: { width: 1920, height: 1080, colorScheme: "dark" },
  400: { width: 400, height: 860, colorScheme: "light", deviceScaleFactor: 2, hasTouch: true },
};

const only = (process.env.ONLY ?? "").split(",").filter(Boolean);
const browser = await start();
for (const [size, options] of Object.entries(SIZES)) {
  for (const [name, { reach, hash, settle = 300 }] of Object.entries(STATES)) {
    const file = `${name}-${size}`;
    if (only.length && !only.some((part) => file.includes(part))) continue;
    const page = await browser.page({ ...options, hash });
    try {
      await reach(page);
      await page.waitForTimeout(settle);
      await page.screenshot({ path: join(folder, `${file}.png`) });
      for (const complaint of page.complaints) console.log(`${file}: ${complaint}`);
    } catch (error) {
      console.log(`${file}: ${error.message.split("\n")[0]}`);
    }
    await page.context().close();
  }
}
await browser.close();
LARGE.remove();
console.log(folder);
