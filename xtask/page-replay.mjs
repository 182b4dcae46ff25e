// Measures the replay of a large transfer in Chromium: what a picture of it costs the page.
//
//     MSNP_CHROMIUM=… node page-replay.mjs URL
//
// A file of 80,000 chunks is opened and its arrival played in the ten seconds that a replay takes by itself: the map and the
// chart are drawn anew for each picture. What is counted is work, by the browser's own books, not the time between pictures:
// a machine without a graphics card shows fewer of them.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { CHUNK, transfer } from "../tests/browser/support/transfer.mjs";
import { longest, told } from "./tasks.mjs";

const CHUNKS = 80_000;
/** No task of the main thread may be longer, for the replay to be fluid. */
const FLUID_MS = 50;
const PATIENCE_MS = 120_000;

const [url] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "msnp-replay-"));
const browser = await chromium.launch({
  executablePath: process.env.MSNP_CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(() => {
    // The replay is the only thing on the page that repeats.
    globalThis.pictures = 0;
    const repeat = globalThis.setInterval;
    globalThis.setInterval = (picture, pause) =>
      repeat(() => {
        globalThis.pictures += 1;
        picture();
      }, pause);
  });
  await page.goto(`${url}#transfers`);
  await page.locator("input[type=file]").first().setInputFiles(capture());
  const play = page.getByRole("button", { name: "Play the arrival" });
  await play.waitFor({ timeout: PATIENCE_MS });
  // The hashes of the whole file are checked meanwhile, beside the page.
  await page.locator(".checks", { hasText: "SHA-256" }).waitFor({ timeout: PATIENCE_MS });
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const before = await books(session, page);
  const most = await longest(page, async () => {
    await play.click();
    await play.waitFor({ state: "detached" });
    await play.waitFor({ timeout: PATIENCE_MS });
  });
  const after = await books(session, page);
  const pictures = after.pictures - before.pictures;
  const each = (name) => (((after[name] - before[name]) * 1000) / pictures).toFixed(2);
  console.log(`replay of ${CHUNKS} chunks: ${pictures} pictures in 10 s`);
  console.log(`our work for a picture        ${each("ScriptDuration")} ms`);
  console.log(`all work of the main thread   ${each("TaskDuration")} ms`);
  const reached = most.processor <= FLUID_MS ? "reached" : "missed";
  console.log(`longest task                  ${told(most)} ms`);
  console.log(`  target: task ${reached}: at most ${FLUID_MS} ms`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

/** Writes the capture; some chunks are missing, late, or come twice, as in life. */
function capture() {
  const file = Buffer.alloc(CHUNKS * CHUNK);
  for (let at = 0; at < file.length; at += 4) file.writeUInt32LE((at * 2654435761) % 2 ** 32, at);
  const chunks = Array.from({ length: CHUNKS }, (_, at) => ({ offset: (at % 500 === 7 ? at + 1 : at % 500 === 8 ? at - 1 : at) * CHUNK, length: CHUNK, after: 1 }));
  for (let at = CHUNKS - 1000; at > 0; at -= 1000) chunks.splice(at + 3, 0, { ...chunks[at] });
  const path = join(folder, "replay.pcap");
  writeFileSync(path, transfer({ name: "holiday.avi", file, chunks }));
  return path;
}

async function books(session, page) {
  const { metrics } = await session.send("Performance.getMetrics");
  const pictures = await page.evaluate(() => globalThis.pictures);
  return { pictures, ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])) };
}
