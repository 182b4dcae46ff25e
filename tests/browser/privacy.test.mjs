// Nothing leaves the machine: page and worker try to reach a stranger in every way, and the stranger sees nobody.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { captureOf, ladder, missing, open, start } from "./support/browser.mjs";
import { stranger } from "./support/server.mjs";

const skip = missing();
let other;
before(async () => {
  if (!skip) other = await stranger();
});
after(() => other?.close());

/** Runs in page or worker: tries everything, says what went through. */
async function attempts(url) {
  const socket = (make) =>
    new Promise((done) => {
      try {
        const line = make();
        line.onopen = () => done("open");
        line.onerror = () => done("refused");
        setTimeout(() => done("refused"), 1500);
      } catch {
        done("refused");
      }
    });
  const tried = (promise) => promise.then(() => "open", () => "refused");
  const outcome = {
    fetch: await tried(fetch(`${url}fetch`, { mode: "no-cors" })),
    import: await tried(import(`${url}module.js`)),
    socket: await socket(() => new WebSocket(`${url.replace("http", "ws")}socket`)),
    events: await socket(() => new EventSource(`${url}events`)),
  };
  if (globalThis.document) {
    outcome.image = await new Promise((done) => {
      const image = new Image();
      image.onload = () => done("open");
      image.onerror = () => done("refused");
      image.src = `${url}image.svg`;
    });
    outcome.beacon = navigator.sendBeacon(`${url}beacon`) ? "queued" : "refused";
    const frame = document.createElement("iframe");
    frame.src = `${url}frame`;
    document.body.append(frame);
    const form = document.createElement("form");
    form.action = `${url}form`;
    document.body.append(form);
    form.submit();
    await new Promise((done) => setTimeout(done, 500));
  }
  return outcome;
}

for (const policy of ["header", "meta"]) {
  test(`nothing gets out, policy by ${policy}`, { skip }, async () => {
    const browser = await start(policy);
    try {
      const page = await browser.page();
      await open(page, captureOf("msnp8-signin-chat"));
      const [worker] = page.workers();
      assert.ok(worker, "the page has a worker");
      for (const [name, place] of [["worker", worker], ["page", page]]) {
        const outcome = await place.evaluate(attempts, other.url);
        for (const [way, result] of Object.entries(outcome)) {
          if (way !== "beacon") assert.equal(result, "refused", `${way} from the ${name}`);
        }
      }
      assert.deepEqual(other.visits, []);
    } finally {
      await browser.close();
    }
  });
}

test("the stranger would have noticed a visit", { skip }, async () => {
  await fetch(`${other.url}proof`);
  assert.deepEqual(other.visits.splice(0), ["/proof"]);
});

test("secrets are hidden until they are asked for, and again afterwards", { skip }, async () => {
  const browser = await start();
  try {
    const page = await ladder(browser);
    const ticket = /InventedTicketOfAlice/;
    const row = page.locator(".ladder .row", { hasText: "TWN S hidden" });
    await row.click({ position: { x: 30, y: 8 } });
    const proof = page.locator(".fields .row", { hasText: "Authentication proof" });
    await proof.click();
    assert.equal(await proof.locator(".value").textContent(), "hidden");
    assert.match(await page.locator(".hex").textContent(), /•••••/);
    assert.doesNotMatch(await page.locator("body").textContent(), ticket);
    await page.getByRole("button", { name: "Show secrets" }).click();
    await page.locator(".status", { hasText: "Secrets shown" }).waitFor();
    await page.locator(".ladder .row", { hasText: ticket }).waitFor();
    await page.locator(".fields .row .value", { hasText: ticket }).waitFor();
    assert.doesNotMatch(await page.locator(".hex").textContent(), /•/);
    await page.locator(".rows").first().focus();
    await page.keyboard.press("h");
    await row.waitFor();
    await proof.locator(".value", { hasText: "hidden" }).waitFor();
    assert.doesNotMatch(await page.locator("body").textContent(), ticket);
    assert.deepEqual(page.complaints, []);
  } finally {
    await browser.close();
  }
});
