// A server with the bundled data and the pages, and a browser to look at them.
//
// Environment: COMITYD, the program; COMITY_PAGES, the folder of built pages;
// CHROMIUM, the browser (/usr/bin/chromium).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const comityd = process.env.COMITYD ?? join(root, "build/release/bin/comityd");
const pages = process.env.COMITY_PAGES ?? join(root, "build/web");

/** Starts a server on free ports; its pages are at `origin`. */
export async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), "comity-web-"));
  const child = spawn(
    comityd,
    [
      ...["--data-dir", join(folder, "data"), "--listen", "127.0.0.1:0"],
      ...["--web", "127.0.0.1:0", "--web-dir", pages, "--load", join(root, "data")],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  const origin = await new Promise((found, failed) => {
    const listen = (chunk) => {
      said += chunk;
      const line = /over HTTP on (http:\/\/\S+)/.exec(said);
      if (line) found(line[1]);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", failed);
    child.on("exit", (code) => failed(new Error(`comityd ended with ${code}:\n${said}`)));
  });
  const stop = async () => {
    if (child.exitCode === null) {
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };
  return { origin, stop };
}

/** A call in Connect's JSON form; the answer, or an error with its text. */
export async function call(origin, method, request) {
  const answer = await fetch(`${origin}/comity.v1.${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, `${method}: ${text}`);
  return JSON.parse(text);
}

const axeSource = readFile(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

/** What axe finds wrong by the levels A and AA of WCAG 2.2. */
async function violations(page) {
  await page.evaluate(await axeSource);
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  return page.evaluate(async (runOnly) => {
    const { violations } = await globalThis.axe.run({ runOnly });
    return violations.map(
      (one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html).join(" | ")}`,
    );
  }, tags);
}

/**
 * A server and a browser for a file of tests. `open` gives a page that has
 * been loaded to its end; `close` checks what must hold for every page.
 */
export async function start() {
  const server = await startServer();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });

  /** `expected`: statuses of answers that the test provokes. */
  async function open(path, { width = 1280, scheme = "light", expected = [], locale } = {}) {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: scheme,
      locale: locale ?? "en-GB",
      reducedMotion: "reduce",
      // For axe, which is put into the page.
      bypassCSP: true,
    });
    const page = await context.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("console", (message) => {
      const provoked = expected.length > 0 && /the server responded with a status/.test(message.text());
      if (message.type() === "error" && !provoked) faults.push(`console: ${message.text()}`);
    });
    page.on("requestfailed", (request) => {
      // Cancelled by the page itself.
      if (request.failure()?.errorText !== "net::ERR_ABORTED")
        faults.push(`failed: ${request.url()}`);
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol !== "blob:" && url.origin !== server.origin)
        faults.push(`another host: ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400 && !expected.includes(response.status()))
        faults.push(`${response.status()}: ${response.url()}`);
    });
    await page.goto(server.origin + path);
    await page.locator("h1").waitFor();
    await page.waitForLoadState("networkidle");
    /** What must hold for the page as a whole, whatever it shows. */
    async function look() {
      const what = `${path} ${width} ${scheme}`;
      assert.deepEqual(await violations(page), [], what);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(overflow, 0, `${what} is too wide`);
      assert.equal(await page.locator("h1").count(), 1, what);
      assert.equal(await page.locator("main").count(), 1, what);
      assert.match(await page.title(), /Comity/);
    }
    return {
      page,
      faults,
      look,
      async close() {
        await context.close();
        assert.deepEqual(faults, []);
      },
    };
  }

  /** Opens a page, looks at it as a whole, and closes it. */
  async function inspect(path, options = {}) {
    const { look, close } = await open(path, options);
    await look();
    await close();
  }

  return {
    origin: server.origin,
    open,
    inspect,
    call: (method, request) => call(server.origin, method, request),
    async stop() {
      await browser.close();
      await server.stop();
    },
  };
}

/** Every way in which each page is inspected. */
export const ways = [
  { lang: "en", width: 1280, scheme: "light" },
  { lang: "en", width: 390, scheme: "dark" },
  { lang: "ar", width: 1280, scheme: "dark" },
  { lang: "ar", width: 390, scheme: "light" },
  { lang: "zh", width: 1280, scheme: "light" },
  { lang: "zh", width: 390, scheme: "dark" },
];

/** `/states?q=a` with `lang=ar` added. */
export function inLanguage(path, lang) {
  return `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;
}
