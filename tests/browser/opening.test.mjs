// Every way in: samples, chosen and dropped files, compressed ones; and what is said when there is nothing to show.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { chat, large } from "./support/capture.mjs";
import { captureOf, choose, missing, open, start } from "./support/browser.mjs";

const skip = missing();
let browser;
before(async () => {
  if (!skip) browser = await start();
});
after(() => browser?.close());

const FIRST_CHAT = captureOf("msnp8-signin-chat");

async function shown(page) {
  await page.keyboard.press("2");
  await page.locator(".ladder .row .verb").first().waitFor();
  return page.locator(".ladder .row .verb").allTextContents();
}

test("a sample opens and shows its commands", { skip }, async () => {
  const page = await browser.page();
  await page.getByRole("button", { name: /A first chat/ }).click();
  await page.getByRole("heading", { name: /Alice signed in/ }).waitFor();
  const verbs = await shown(page);
  assert.deepEqual(verbs.slice(0, 3), ["VER1", "VER1", "CVR2"]);
  assert.deepEqual(page.complaints, []);
});

test("samples of transfers show a picture, a partial one, and one that was only offered", { skip }, async () => {
  const page = await browser.page();
  const look = async (sample, transfer, shown) => {
    await page.goto("about:blank");
    await page.goto(browser.url);
    await page.getByRole("button", { name: new RegExp(sample) }).click();
    await page.locator(".status", { hasText: "All read" }).waitFor({ state: "attached" });
    await page.keyboard.press("6");
    await page.locator(".transfer h2", { hasText: transfer }).waitFor();
    const picture = page.locator(`${shown} img`);
    await picture.waitFor();
    assert.ok(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)));
  };
  await look("Pictures and files", "TFR3A.tmp", ".picture:not(.partial)");
  await look("A damaged picture", "lake.png", ".picture.partial");
  await look("An offer declined", "harbour.png", ".picture:not(.partial)");
  await page.getByText("The picture in the invitation").waitFor();
  assert.deepEqual(page.complaints, []);
});

test("the address #sample opens the first sample", { skip }, async () => {
  const page = await browser.page({ hash: "#sample" });
  await page.getByRole("heading", { name: /Alice signed in/ }).waitFor();
});

test("a chosen file opens", { skip }, async () => {
  const page = await browser.page();
  await open(page, FIRST_CHAT);
  assert.equal((await shown(page))[0], "VER1");
});

test("the button opens the browser's choice of files", { skip }, async () => {
  const page = await browser.page();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose a file" }).click();
  await (await chooser).setFiles(FIRST_CHAT);
  assert.equal((await shown(page))[0], "VER1");
});

test("a dropped file opens, wherever it is dropped", { skip }, async () => {
  const page = await browser.page();
  const data = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], "dropped.pcap"));
    return data;
  }, readFileSync(FIRST_CHAT).toString("base64"));
  await page.dispatchEvent("footer", "dragover", { dataTransfer: data });
  await page.getByText("Drop it anywhere").waitFor();
  await page.dispatchEvent("footer", "drop", { dataTransfer: data });
  await page.locator(".file", { hasText: "dropped.pcap" }).waitFor();
  assert.equal((await shown(page))[0], "VER1");
});

for (const name of ["msnp9-chat-other-port-vlan-ipv6", "msnp8-chat-two-interfaces"]) {
  test(`a compressed file opens: ${name}`, { skip }, async () => {
    const page = await browser.page();
    await open(page, captureOf(name));
    assert.ok((await shown(page)).length > 5);
  });
}

test("a cut file shows what is there and says where it ends", { skip }, async () => {
  const page = await browser.page();
  await open(page, captureOf("msnp9-chat-cut-in-packet"));
  await page.getByRole("paragraph").filter({ hasText: /The file ends in the middle of packet \d+/ }).waitFor();
  assert.ok((await shown(page)).length > 3);
});

test("a file that is no capture is refused with what it looks like", { skip }, async () => {
  const page = await browser.page();
  await choose(page, { name: "cat.png", mimeType: "image/png", buffer: Buffer.from("89504e470d0a1a0a0000000d49484452", "hex") });
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.textContent(), /cat\.png.*PNG picture/s);
  // And the page is ready for the next.
  await open(page, FIRST_CHAT);
  assert.equal((await shown(page))[0], "VER1");
});

test("an empty file is refused in a sentence", { skip }, async () => {
  const page = await browser.page();
  await choose(page, { name: "nothing.pcap", mimeType: "application/octet-stream", buffer: Buffer.alloc(0) });
  await page.getByRole("alert").getByText(/empty/).waitFor();
});

test("a capture without MSNP says what it holds instead", { skip }, async () => {
  const page = await browser.page();
  await open(page, captureOf("non-msnp-web"));
  await page.getByRole("heading", { name: "There is no MSN Messenger traffic in this capture." }).waitFor();
  assert.match(await page.locator(".census").textContent(), /TCP port 80 \(HTTP\)/);
});

test("captured text stays text", { skip }, async () => {
  const page = await browser.page();
  const hostile = `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`;
  await open(page, { name: `${hostile.slice(0, 20)}.pcap`, mimeType: "x/y", buffer: chat(hostile, hostile) });
  await shown(page);
  await page.locator(".row", { hasText: "MSG" }).last().click();
  await page.locator(".fields .row", { hasText: "Text" }).last().click();
  for (const key of ["1", "3", "4", "2"]) await page.keyboard.press(key);
  await page.locator(".row", { hasText: "MSG" }).locator(".fold-payload").last().click();
  await page.locator(".payload .said", { hasText: hostile }).waitFor();
  assert.equal(await page.locator("main img, main script, aside img").count(), 0);
  assert.doesNotMatch(await page.title(), /^broken/);
  assert.deepEqual(page.complaints, []);
});

test("rows appear while a larger file is still being read", { skip }, async () => {
  const file = large(120);
  const page = await browser.page({ hash: "#ladder" });
  await page.evaluate(() => {
    globalThis.seen = [];
    new MutationObserver(() => {
      const counts = document.querySelector(".counts")?.textContent ?? "";
      if (counts.includes("so far") && document.querySelector(".ladder .verb")) globalThis.seen.push(counts);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await open(page, file.path);
  file.remove();
  assert.ok((await page.evaluate(() => globalThis.seen.length)) > 0, "no rows before the end");
  assert.match(await page.locator(".counts").textContent(), startingWith(file.commands));
});

test("reading can be stopped, and what was read stays", { skip }, async () => {
  const file = large(400);
  const page = await browser.page({ hash: "#ladder" });
  await choose(page, file.path);
  await page.locator(".counts", { hasText: /^[1-9].* so far/ }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText(/^Reading was stopped at .+\. What was read until then is shown\.$/).waitFor();
  file.remove();
  assert.match(await page.locator(".status").textContent(), /Stopped at \d.* of \d/);
  assert.equal(await page.getByRole("button", { name: "Cancel" }).count(), 0);
  // Some of it is there, and no more comes.
  const counts = await page.locator(".counts").textContent();
  const commands = Number(counts.match(/^([\d,]+) commands/)[1].replaceAll(",", ""));
  assert.ok(commands > 0 && commands < file.commands, counts);
  assert.doesNotMatch(counts, /so far/);
  await page.locator(".ladder .rows").focus();
  await page.keyboard.press("End");
  await page.locator(".status", { hasText: `command ${commands.toLocaleString("en")} of ${commands.toLocaleString("en")}` }).waitFor();
  assert.equal(await page.locator(".counts").textContent(), counts);
  // And the page is ready for the next.
  await open(page, FIRST_CHAT);
  assert.equal((await shown(page))[0], "VER1");
  assert.deepEqual(page.complaints, []);
});

test("every font of a capture is known before there is one", { skip }, async () => {
  const page = await browser.page();
  /** Weight, size and family of every text on the page; a font that was never used costs a wait when it is. */
  const fonts = () =>
    page.evaluate(() => {
      const found = new Set();
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const { fontWeight, fontSize, fontFamily, fontStyle } = getComputedStyle(texts.currentNode.parentElement);
        if (texts.currentNode.data.trim()) found.add([fontWeight, fontSize, fontFamily, fontStyle].join(" "));
      }
      return [...found];
    });
  const known = new Set(await fonts());
  await open(page, FIRST_CHAT);
  for (const key of ["1", "2", "3"]) {
    await page.keyboard.press(key);
    if (key !== "1") await page.locator(".slab .row:not(.heading)").first().waitFor();
    assert.deepEqual((await fonts()).filter((font) => !known.has(font)), [], "add these to .fonts in base.css");
  }
});

/** Matches a text that begins with so many commands, as the page writes numbers. */
function startingWith(commands) {
  return new RegExp(`^${commands.toLocaleString("en")} commands`);
}

test("a tour shows a newcomer around, and leaves when told to", { skip }, async () => {
  const page = await browser.page();
  await page.getByRole("button", { name: "Take a short tour" }).click();
  const tour = page.getByRole("region", { name: "Tour" });
  const next = tour.getByRole("button", { name: "Next" });
  await tour.getByText("Stop 1 of 5").waitFor();
  await page.locator(".status", { hasText: "All read" }).waitFor({ state: "attached" });
  await next.click();
  await page.locator(".ladder .row.selected", { hasText: "“Hi B" }).waitFor();
  await next.click();
  await page.locator(".fields .row", { hasText: "Hi Bob! Are" }).waitFor();
  await page.waitForURL(/#commands/);
  await next.click();
  await page.locator(".bubble.selected", { hasText: "Hi Bob! Are you there?" }).waitFor();
  await tour.getByRole("button", { name: "Back" }).click();
  await tour.getByText("Stop 3 of 5").waitFor();
  await tour.getByRole("button", { name: "Leave" }).click();
  await tour.waitFor({ state: "detached" });
  assert.deepEqual(page.complaints, []);
});
