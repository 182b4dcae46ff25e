// Serves the built page to the tests, with or without the policy as a header; and a second origin that counts visits.

import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};

/** Listens on any free port of this machine. */
function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const url = `http://127.0.0.1:${server.address().port}/`;
      resolve({ url, close: () => new Promise((closed) => server.close(closed)) });
    });
  });
}

/** Serves a folder. `policy` is "header" or "meta": whether the policy of the page is also sent as a header. */
export function serve(folder, policy) {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const written = html.match(/http-equiv="Content-Security-Policy" content="([^"]+)"/)?.[1];
  if (!written || written.includes("{")) throw new Error("The built page carries no finished security policy.");
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://page").pathname);
    const file = join(folder, normalize(path === "/" ? "/index.html" : path));
    if (!file.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const headers = { "content-type": TYPES[extname(file)] ?? "application/octet-stream" };
    if (policy === "header") headers["content-security-policy"] = written;
    response.writeHead(200, headers);
    createReadStream(file).pipe(response);
  });
  return listen(server);
}

/** A stranger: answers everything, allows everybody, and counts who came. */
export async function stranger() {
  const visits = [];
  const server = createServer((request, response) => {
    visits.push(request.url);
    response.writeHead(200, { "access-control-allow-origin": "*", "content-type": "text/javascript" }).end("0");
  });
  server.on("upgrade", (request, socket) => {
    visits.push(request.url);
    socket.destroy();
  });
  return { ...(await listen(server)), visits };
}
