// Generates the clients, bundles the pages, starts the server, opens the pages in a headless Chromium, and reports failed checks.
//
// Usage: node run.mjs [<quickstart program> [<folder of the wasm client>]]. Without a program, the server runs with `cargo run`.

import { build } from "esbuild";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

process.chdir(import.meta.dirname);
const [program = "cargo", wasm] = process.argv.slice(2);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

execFileSync("node_modules/.bin/buf", ["generate"], { stdio: "inherit" });
await build({ entryPoints: ["page/page.ts"], outdir: "page/built", bundle: true, format: "esm", target: "es2022" });
for (const file of ["index.html", "wasm.html", "style.css", "check.js"]) cpSync(`page/${file}`, `page/built/${file}`);
if (wasm) cpSync(wasm, "page/built/wasm", { recursive: true });

const pages = createServer((request, response) => {
  const path = new URL(request.url, "http://pages").pathname;
  response.setHeader("content-type", TYPES[extname(path)] ?? "text/plain");
  try {
    response.end(readFileSync(`page/built${path}`));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => pages.listen(0, "127.0.0.1", listening));
const origin = `http://localhost:${pages.address().port}`;

const args = program === "cargo" ? ["run", "--quiet", "-p", "quickstart", "--"] : [];
const server = spawn(program, [...args, "127.0.0.1:0", origin], { stdio: ["ignore", "pipe", "inherit"] });
let browser;
try {
  const url = await new Promise((found, lost) => {
    server.on("exit", () => lost(new Error("the server ended")));
    createInterface({ input: server.stdout }).on("line", (line) => {
      const address = line.match(/^serving on (.*)$/)?.[1];
      if (address) found(`http://${address}`);
    });
  });
  // A page cannot stream requests, so another client creates the users.
  for (const [email, displayName] of [["ada@example.com", "Ada Lovelace"], ["anne@example.com", "Änne Müller"]]) {
    const call = ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "--data", JSON.stringify({ email, displayName })];
    execFileSync("node_modules/.bin/buf", [...call, `${url}/user.v1.UserService/CreateUsers`], { stdio: "ignore" });
  }

  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
    args: ["--no-sandbox"],
  });
  const pageOf = async (from, name, log = console.log) => {
    const page = await browser.newPage({ viewport: { width: 640, height: 300 } });
    page.on("console", (message) => log(`  ${name}: ${message.text()}`));
    page.on("pageerror", (error) => log(`  ${name}: ${error}`));
    await page.goto(`${from}/${name}?server=${encodeURIComponent(url)}`);
    await page.waitForFunction(() => document.documentElement.dataset.wrong, null, { timeout: 20_000 });
    return page;
  };
  const wrongOf = async (page) => JSON.parse(await page.locator("html").getAttribute("data-wrong"));

  let failed = 0;
  for (const name of wasm ? ["index.html", "wasm.html"] : ["index.html"]) {
    const page = await pageOf(origin, name);
    const calls = await page.locator("tr").allTextContents();
    const wrong = await wrongOf(page);
    console.log(`${name}: ${calls.length - wrong.length} of ${calls.length} calls had the expected result`);
    for (const line of wrong) console.log(`  ${line}`);
    failed += wrong.length + (calls.length === 0);
    await page.screenshot({ path: name === "index.html" ? "page.png" : "wasm.png" });
  }

  // The same page, from an origin that the server does not allow.
  const stranger = await pageOf(origin.replace("localhost", "127.0.0.1"), "index.html", () => {});
  const [calls, refused] = [await stranger.locator("tr").count(), (await wrongOf(stranger)).length];
  console.log(`a page of another origin: ${refused} of ${calls} calls were rejected`);
  failed += calls - refused;
  process.exitCode = failed ? 1 : 0;
} finally {
  await browser?.close();
  server.kill();
  pages.close();
}
