// Measures the built page in Chromium: what it weighs, and how long it takes to show each capture.
//
//     MSNP_CHROMIUM=… node page-load.mjs URL DIST CAPTURE…
//
// The page says how far it is by two marks on the browser's own clock: `msnp:rows` when the first rows are drawn,
// `msnp:done` when the whole file is read. Time starts when the file is chosen.

import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { longest, settle, told } from "./tasks.mjs";

const RUNS = 3;
const PATIENCE_MS = 120_000;
/** What the figures are meant to be at most; the times are of the capture full of transfers, 100 MB of it. */
const MOST = { brotli: 1_000_000, rows: 500, done: 700, task: 50 };
/** Sample captures and licences lie beside the page but are fetched only on request. */
const LATER = new Set([".pcap", ".pcapng", ".gz", ".zst", ".txt"]);

const [url, dist, ...captures] = process.argv.slice(2);

weigh(dist);
console.log(`\n${"".padEnd(24)} first rows ms    all ms   longest task ms   (best times and worst task of ${RUNS} runs; of a task, what the processor worked, and by the clock)`);
for (const capture of captures) {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await load(capture));
  const best = (key) => Math.min(...runs.map((run) => run[key])).toFixed(0);
  const worst = runs.map((run) => run.task).reduce((a, b) => (a.processor > b.processor ? a : b));
  console.log(
    `${basename(capture).padEnd(24)} ${best("rows").padStart(13)} ${best("done").padStart(9)} ${told(worst).padStart(17)}`,
  );
  const timed = basename(capture).startsWith("p2p-") ? ["rows", "done"] : [];
  const reached = timed.map((key) => `${key} ${judged(best(key), MOST[key])} ms`);
  console.log(`  target: ${[...reached, `task ${judged(worst.processor, MOST.task)} ms`].join(", ")}`);
}

/** A target, and whether a figure reaches it. */
function judged(figure, most) {
  return `${figure <= most ? "reached" : "missed"}: at most ${most}`;
}

/** Prints the size of every file the page consists of, as it is and compressed. */
function weigh(folder) {
  const total = { raw: 0, gzip: 0, brotli: 0 };
  const line = (name, size) =>
    console.log(`${name.padEnd(44)} ${[size.raw, size.gzip, size.brotli].map(kilobytes).join(" ")}`);
  console.log(`${"".padEnd(44)} ${["raw kB", "gzip kB", "brotli kB"].map((word) => word.padStart(10)).join(" ")}`);
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || LATER.has(extname(entry.name))) continue;
    const bytes = readFileSync(join(entry.parentPath ?? entry.path, entry.name));
    const size = {
      raw: bytes.length,
      gzip: gzipSync(bytes, { level: 9 }).length,
      brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
    };
    for (const key of Object.keys(total)) total[key] += size[key];
    line(entry.name, size);
  }
  line("all", total);
  console.log(`  target: brotli ${judged(total.brotli, MOST.brotli)} bytes`);
}

function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1).padStart(10);
}

/** Opens the page in a fresh browser, so that no run pays for the memory of the one before, chooses the file and waits for
 * the marks; milliseconds since the choice. */
async function load(capture) {
  const browser = await chromium.launch({
    executablePath: process.env.MSNP_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  });
  try {
    return await measure(await browser.newPage(), capture);
  } finally {
    await browser.close();
  }
}

async function measure(page, capture) {
  await page.addInitScript(() => {
    // The page's own answer to the choice comes after this: capturing listeners on the document are asked first.
    document.addEventListener("change", () => performance.mark("chosen"), { capture: true });
  });
  await page.goto(url);
  const input = page.locator("input[type=file]").first();
  await input.waitFor({ state: "attached" });
  await settle(page);
  const task = await longest(page, async () => {
    await input.setInputFiles(capture);
    await page
      .waitForFunction(() => performance.getEntriesByName("msnp:done").length > 0, null, { timeout: PATIENCE_MS })
      .catch(() => {
        throw new Error(`The page did not set the mark msnp:done within ${PATIENCE_MS / 1000} s of ${capture}.`);
      });
  });
  const times = await page.evaluate(() => {
    const at = (mark) => performance.getEntriesByName(mark)[0]?.startTime ?? NaN;
    return { rows: at("msnp:rows") - at("chosen"), done: at("msnp:done") - at("chosen") };
  });
  return { ...times, task };
}
