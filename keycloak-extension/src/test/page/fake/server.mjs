import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { PAGE } from "../places.mjs";
import { Login } from "./login.mjs";
import { Refused } from "./refused.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
/** At least as strict as the extension's. */
const CSP = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'";

/**
 * A Keycloak as far as the page sees it: login, the page's own files, and the admin REST of one
 * realm. `realm.rest(call)` answers `{status, body}` or throws Refused.
 */
export async function serve(realm) {
  const login = new Login(() => realm.user);
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://localhost");
    const answer = await route(realm, login, request, url).catch((failed) =>
      failed instanceof Refused ? { status: failed.status, body: failed.body, type: "application/problem+json" } : { status: 500, body: { title: String(failed.stack) } },
    );
    const headers = { ...answer.headers };
    if (answer.body !== undefined) {
      headers["Content-Type"] ??= answer.type ?? "application/json";
    }
    response.writeHead(answer.status, headers);
    response.end(answer.raw ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body)));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://localhost:${server.address().port}`,
    close: () => { server.closeAllConnections(); return new Promise((done) => server.close(done)); },
  };
}

async function route(realm, login, request, url) {
  const page = /^\/realms\/[^/]+\/writ\/(.*)$/.exec(url.pathname);
  if (page) {
    return file(page[1] || "index.html");
  }
  if (url.pathname.includes("/protocol/openid-connect/")) {
    return login.answer(url, await text(request));
  }
  const rest = /^\/admin\/realms\/([^/]+)\/(.*)$/.exec(url.pathname);
  if (rest && login.knows(request.headers.authorization)) {
    const body = await text(request);
    return realm.rest({ method: request.method, path: rest[2].split("/").map(decodeURIComponent), query: url.searchParams, body: body ? JSON.parse(body) : undefined });
  }
  return { status: rest ? 401 : 404, body: { error: rest ? "HTTP 401 Unauthorized" : "Not found" } };
}

async function file(name) {
  const path = join(PAGE, normalize(`/${name}`));
  return { status: 200, raw: await readFile(path), headers: { "Content-Type": TYPES[extname(path)], "Content-Security-Policy": CSP } };
}

async function text(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
