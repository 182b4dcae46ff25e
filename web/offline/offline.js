// Keeps the page for when there is no network. While there is one, the page comes from its server.

// Both are filled in after the build (`cargo xtask seal`): another build is another version.
const VERSION = "{version}";
const FILES = ["{files}"];

const NAME = "msnp-viewer-";

self.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(NAME + VERSION);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" })));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const forget = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(NAME) && name !== NAME + VERSION);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(forget());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  const kept = async () => {
    const cache = await caches.open(NAME + VERSION);
    return (await cache.match(request, { ignoreSearch: true })) ?? Response.error();
  };
  event.respondWith(fetch(request).catch(kept));
});
