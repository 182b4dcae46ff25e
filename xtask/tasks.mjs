// How long the main thread of a page was busy in one go, by the browser's own trace.

/** Waits until a page has nothing to do, and has it take in now what the tool that drives it would hand it at its first
 * question: a task of its own, and none of the page's. */
export async function settle(page) {
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => true);
}

/** Does something; the longest task meanwhile, in milliseconds: by the clock, and how long the processor worked on it. On a
 * machine that has other work the clock tells of that too. And how many pictures were drawn. */
export async function longest(page, work) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
  await work();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const mains = traceEvents.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain");
  const main = new Set(mains.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = traceEvents.filter((event) => event.name === "RunTask" && main.has(`${event.pid} ${event.tid}`));
  if (tasks.length === 0) throw new Error("The browser's trace has no tasks of the page.");
  const most = (key) => Math.max(...tasks.map((task) => task[key] ?? 0)) / 1000;
  const drawn = traceEvents.filter((event) => event.name === "Commit" && main.has(`${event.pid} ${event.tid}`));
  return { clock: most("dur"), processor: most("tdur"), pictures: drawn.length };
}

/** In words. */
export function told({ clock, processor }) {
  return `${processor.toFixed(0)} (${clock.toFixed(0)})`;
}
