// Works without a network once it was there: reload, samples, licences.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { missing, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

const kept = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(({ active }) => active.state));

test("the page can be installed and reloaded without a network", { skip }, async () => {
  const page = await browser.page();
  assert.match(await kept(page), /activat/);
  const manifest = await page.evaluate(async () => (await fetch(document.querySelector("link[rel=manifest]").href)).json());
  assert.equal(manifest.name, "MSNP viewer");
  const icon = await page.evaluate(async (icon) => (await fetch(icon)).headers.get("content-type"), manifest.icons[0].src);
  assert.match(icon, /svg/);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await page.context().setOffline(true);
  await page.reload();
  await page.locator("h1").first().waitFor();
  // Both programs are there, and the samples: one is opened and read.
  await page.getByRole("button", { name: /A first chat/ }).click();
  await page.locator(".status", { hasText: "All read" }).waitFor({ state: "attached" });
  assert.deepEqual(page.complaints, []);
});

test("what the page is made of is listed with its licences", { skip }, async () => {
  const page = await browser.page();
  await page.keyboard.press("?");
  await page.getByRole("button", { name: "Licences of what this page is made of" }).click();
  const text = await page.getByRole("region", { name: "Licences" }).textContent();
  for (const words of ["yew ", "wasm-bindgen ", "nom ", "Permission is hereby granted"]) assert.ok(text.includes(words), words);
  assert.deepEqual(page.complaints, []);
});
