// One Chromium for a test file, and pages in it.
//
// MSNP_PAGE_URL    where the built page is served; without it, MSNP_DIST (or dist/) is served from here
// MSNP_CHROMIUM    the browser; without it, the system's
// MSNP_NODE_MODULES  where npm packages lie; without it, node_modules/ above this file
// MSNP_REQUIRE_TOOLS  "1": what is missing is a failure, not a reason to skip

import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "./server.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
export const dist = resolve(process.env.MSNP_DIST ?? join(root, "dist"));
export const captures = join(root, "tests/captures");

const require = createRequire(process.env.MSNP_NODE_MODULES ? join(process.env.MSNP_NODE_MODULES, "x.js") : import.meta.url);
const chromium = [process.env.MSNP_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Why the tests cannot run here; nothing when they can. */
export function missing() {
  const lacks = reason();
  if (lacks && process.env.MSNP_REQUIRE_TOOLS === "1") throw new Error(lacks);
  return lacks ? `SKIPPED: ${lacks}` : false;
}

function reason() {
  if (!program()) return "no Chromium was found; set MSNP_CHROMIUM";
  if (!process.env.MSNP_PAGE_URL && !existsSync(join(dist, "index.html"))) return `no built page in ${dist}; run trunk build`;
  try {
    require.resolve("playwright-core");
  } catch {
    return "the npm package playwright-core is not installed; run cargo xtask tools";
  }
  return undefined;
}

function program() {
  return chromium.find((path) => path && existsSync(path));
}

/** The text of a file of an npm package. */
export function packageFile(name) {
  return require.resolve(name);
}

/** The capture of a case, whatever its ending. */
export function captureOf(name) {
  const file = readdirSync(join(captures, name)).find((file) => file.startsWith("capture."));
  return join(captures, name, file);
}

/** All cases that have a capture. */
export function cases() {
  const folders = readdirSync(captures, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map((folder) => folder.name);
  return names.filter((name) => readdirSync(join(captures, name)).some((file) => file.startsWith("capture."))).sort();
}

/** Starts a browser, with further arguments if wanted, and, where needed, a server. */
export async function start(policy = "header", further = []) {
  const { chromium } = require("playwright-core");
  const own = process.env.MSNP_PAGE_URL && policy === "header" ? undefined : await serve(dist, policy);
  const url = own?.url ?? process.env.MSNP_PAGE_URL;
  const browser = await chromium.launch({
    executablePath: program(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...further],
  });
  return {
    url,
    /** A fresh page; whatever it complains about fails the test that looks at `complaints`. */
    async page({ width = 1440, height = 900, colorScheme = "light", hash = "", ...rest } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme, ...rest });
      const page = await context.newPage();
      page.complaints = [];
      page.on("pageerror", (error) => page.complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") page.complaints.push(message.text());
      });
      await page.goto(url + hash);
      await page.locator("h1").first().waitFor();
      return page;
    },
    async close() {
      await browser.close();
      await own?.close();
    },
  };
}

/** Chooses a file, or several: a path, or `{ name, mimeType, buffer }`. */
export async function choose(page, file) {
  await page.locator("input[type=file]").setInputFiles(file);
}

/** Opens a capture and waits until all of it was read. */
export async function open(page, file) {
  await choose(page, file);
  await page.locator(".status", { hasText: /All read|breaks off|Not all/ }).waitFor({ state: "attached" });
}

/** A page of a browser with the first chat's ladder. */
export async function ladder(browser, options = {}) {
  const page = await browser.page({ hash: "#ladder", ...options });
  await open(page, captureOf("msnp8-signin-chat"));
  await page.locator(".ladder .row .verb").first().waitFor();
  return page;
}
