// The worker says the same as the command line: every tree of every capture, field by field, byte by byte.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { captureOf, cases, missing, root, start } from "./support/browser.mjs";

const cli = process.env.MSNP_CLI ?? join(root, "target/debug/msnp");
const skip = missing() || lacksCli();
let browser;
let page;
before(async () => {
  if (skip) return;
  browser = await start();
  page = await browser.page();
});
after(() => browser?.close());

function lacksCli() {
  if (existsSync(cli)) return false;
  if (process.env.MSNP_REQUIRE_TOOLS === "1") throw new Error(`no command line program at ${cli}`);
  return `SKIPPED: no command line program at ${cli}; set MSNP_CLI`;
}

/** In the page: starts a worker as the page does, opens the file, asks for every record. */
async function records([base64, expected]) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const program = new Blob([`import "${new URL("worker_loader.js", document.baseURI)}";`], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(program), { type: "module" });
  const found = [];
  let asked = false;
  await new Promise((done, failed) => {
    worker.onerror = () => failed(new Error("the worker does not start"));
    worker.onmessage = ({ data }) => {
      // Its first word is that it listens.
      if (!asked) {
        asked = true;
        // The command line hides nothing that it is not asked to hide.
        worker.postMessage({ Reveal: { revealing: true } });
        worker.postMessage({ Open: { generation: 1, files: [new File([bytes], "x.pcap")], beside: false, keep: [] } });
        // One more than there are.
        for (let pdu = 1; pdu <= expected + 1; pdu += 1) worker.postMessage({ Record: { pdu } });
      }
      // What is no plain object stands beside the buffer of an answer: a record, or null where there is no such command.
      const [, record] = data;
      if (record) found.push(record);
      if (record === null) done();
    };
  });
  worker.terminate();
  return found;
}

/** What the command line prints; status 1 means that nothing was found, which is an answer too. */
function printed(file) {
  try {
    return execFileSync(cli, ["tree", "--json", file], { encoding: "utf8", maxBuffer: 1 << 28 });
  } catch (error) {
    if (error.status === 1) return error.stdout;
    throw error;
  }
}

for (const name of skip ? [] : cases()) {
  test(`worker and command line agree: ${name}`, async () => {
    const file = captureOf(name);
    const expected = printed(file).split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const found = await page.evaluate(records, [readFileSync(file).toString("base64"), expected.length]);
    // The worker gives what the contract's JSON gives, whatever order the CLI prints in.
    expected.sort((a, b) => a.pdu - b.pdu);
    assert.equal(found.length, expected.length);
    for (const [index, record] of found.entries()) assert.deepEqual(record, expected[index], `command ${index + 1}`);
  });
}

test("agreement is tested on something", { skip }, () => {
  assert.ok(cases().length >= 10);
});
