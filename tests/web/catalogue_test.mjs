// The texts of the pages, and the formats and addresses that are built of them.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./support.mjs";

const source = join(root, "web/src");
const languages = ["en", "fr", "es", "ru", "ar", "zh"];
let folder;
let modules;

/** What a module expects of a browser before it is asked anything. */
function pretendBrowser() {
  const address = new URL("http://pages.test/?lang=en");
  Object.assign(globalThis, {
    location: address,
    history: { pushState: (_, __, to) => (address.href = new URL(to, address).href) },
    addEventListener: () => {},
    scrollTo: () => {},
    localStorage: { getItem: () => null, setItem: () => {} },
    document: { documentElement: { dataset: {} } },
  });
  Object.defineProperty(globalThis, "navigator", { value: { languages: ["en"] }, configurable: true });
}

/** All modules of the pages in one bundle; each catalogue tells of itself. */
before(async () => {
  pretendBrowser();
  folder = await mkdtemp(join(tmpdir(), "comity-texts-"));
  const files = (await readdir(source, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  const withTexts = [];
  for (const file of files) {
    const text = await readFile(join(source, file), "utf8");
    if (/= messages\(\{/.test(text)) withTexts.push(file);
  }
  assert.ok(withTexts.length >= 5, `${withTexts}`);
  const entry = [
    ...withTexts.map((file) => `import ${JSON.stringify(join(source, file))};`),
    ...["i18n", "router", "hours", "states", "components/date_field"].map(
      (file) => `export * as ${file.replace(/.*\//, "")} from ${JSON.stringify(join(source, file))};`,
    ),
  ];
  const telling = {
    name: "telling",
    setup(plugin) {
      plugin.onResolve({ filter: /(^|\/)i18n$/ }, ({ importer }) =>
        importer.includes("telling:") || importer === "<stdin>"
          ? undefined
          : { path: "i18n", namespace: "telling" },
      );
      plugin.onLoad({ filter: /.*/, namespace: "telling" }, () => ({
        resolveDir: source,
        contents: `import * as real from ${JSON.stringify(join(source, "i18n.ts"))};
          export * from ${JSON.stringify(join(source, "i18n.ts"))};
          export const messages = (table) => {
            (globalThis.catalogues ??= []).push(table);
            return real.messages(table);
          };`,
      }));
    },
  };
  await build({
    stdin: { contents: entry.join("\n"), resolveDir: root },
    outfile: join(folder, "all.mjs"),
    bundle: true,
    format: "esm",
    tsconfig: join(root, "web/tsconfig.json"),
    plugins: [telling],
    logLevel: "error",
  });
  await writeFile(join(folder, "package.json"), "{}");
  modules = await import(pathToFileURL(join(folder, "all.mjs")).href);
});
after(() => rm(folder, { recursive: true, force: true }));

function* texts() {
  for (const table of globalThis.catalogues) {
    for (const [key, message] of Object.entries(table)) yield [key, message];
  }
}

const formsOf = (text) => (typeof text === "string" ? [text] : Object.values(text));
const placeholdersOf = (text) => [
  ...new Set(formsOf(text).flatMap((form) => form.match(/\{\w+\}/g) ?? [])),
].sort();

test("every text is there in all six languages, with the same placeholders", () => {
  let count = 0;
  for (const [key, message] of texts()) {
    assert.deepEqual(Object.keys(message).sort(), [...languages].sort(), key);
    for (const language of languages) {
      // The remark on English texts is not needed in English.
      if (key !== "englishOnly") {
        assert.ok(formsOf(message[language]).every((form) => form.trim()), `${key} ${language}`);
      }
      assert.deepEqual(placeholdersOf(message[language]), placeholdersOf(message.en), `${key} ${language}`);
      count += 1;
    }
  }
  assert.ok(count > 1000, `${count}`);
});

test("a text by number has just the forms that its language has", () => {
  for (const [key, message] of texts()) {
    if (typeof message.en === "string") continue;
    for (const language of languages) {
      const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      assert.deepEqual(Object.keys(message[language]).sort(), [...wanted].sort(), `${key} ${language}`);
    }
  }
});

test("no text of another script slips into a language", () => {
  const scripts = { ru: /\p{Script=Cyrillic}/u, ar: /\p{Script=Arabic}/u, zh: /\p{Script=Han}/u };
  for (const [key, message] of texts()) {
    for (const [language, script] of Object.entries(scripts)) {
      const text = formsOf(message[language]).join(" ");
      if (text === message.en || !/\p{L}{3}/u.test(text.replace(/\{\w+\}/g, ""))) continue;
      assert.match(text, script, `${key} ${language}`);
    }
  }
});

test("numbers choose the form", () => {
  const { i18n } = modules;
  const t = i18n.messages({
    cards: {
      en: { one: "{count} card", other: "{count} cards" },
      ru: { one: "{count} карта", few: "{count} карты", many: "{count} карт", other: "{count} карты" },
      fr: "", es: "", ar: "", zh: "",
    },
  });
  i18n.language.value = "ru";
  assert.deepEqual([1, 3, 5, 21].map((count) => t("cards", { count })), ["1 карта", "3 карты", "5 карт", "21 карта"]);
  i18n.language.value = "en";
  assert.equal(t("cards", { count: 1 }), "1 card");
  assert.equal(t("cards", { count: 1234 }), "1,234 cards");
});

test("days are formatted as far as they are known", () => {
  const { formatDay } = modules.i18n;
  const cases = { "2010-09-16": "16 September 2010", "2010-09": "September 2010", 2010: "2010", "": "", soon: "soon" };
  for (const [day, text] of Object.entries(cases)) assert.equal(formatDay(day), text);
});

test("ages are counted in whole years, months or days", () => {
  const { ageOf } = modules.i18n;
  for (const [day, today, age] of [
    ["2010-09-16", "2026-11-27", "16 years"],
    ["2026-11-28", "2026-11-27", ""],
    ["2026-11-26", "2026-11-27", "1 day"],
    ["2026-05", "2026-11-27", "6 months"],
    ["2014", "2026-11-27", "11 years"],
    ["", "2026-11-27", ""],
  ]) {
    assert.equal(ageOf(day, today), age, `${day} ${today}`);
  }
});

test("a day is one that the calendar has", () => {
  const { isDay } = modules.date_field;
  for (const day of ["2024-02-29", "1900-01-01"]) assert.ok(isDay(day), day);
  for (const day of ["2023-02-29", "2015-13-40", "2015-6-1", "", "today"]) assert.ok(!isDay(day), day);
});

test("an office is open only where hours and zone say so", () => {
  const { isOpen } = modules.hours;
  const hours = "0800 - 1800 (Monday-Friday)";
  const friday = new Date("2026-11-27T09:00:00Z");
  assert.equal(isOpen(hours, "UTC+00:00", friday), true);
  assert.equal(isOpen(hours, "Asia/Tokyo", friday), false);
  assert.equal(isOpen(hours, "UTC+00:00", new Date("2026-11-28T09:00:00Z")), false);
  for (const unknown of ["", "by appointment", "0800 - 1800", "1800 - 0800 (Monday-Friday)"]) {
    assert.equal(isOpen(unknown, "UTC+00:00", friday), undefined, unknown);
  }
  assert.equal(isOpen(hours, "", friday), undefined);
  assert.equal(isOpen(hours, "Nowhere/Land", friday), undefined);
});

test("a path finds its page and what stands in it", () => {
  const { match } = modules.router;
  const load = async () => {};
  const pages = [
    { path: "/", load },
    { path: "/states/:state", load },
    { path: "/laws/*", load },
  ];
  assert.equal(match(pages, "/").page.path, "/");
  assert.deepEqual(match(pages, "/states/C%C3%B4te").params, { state: "Côte" });
  assert.deepEqual(match(pages, "/laws/NOR/a/b").params, { rest: "NOR/a/b" });
  for (const path of ["/states", "/states/a/b", "/laws", "/x"]) assert.equal(match(pages, path), undefined, path);
});

test("the state of a page is in its address, and the language stays", () => {
  const { href, here, setQuery } = modules.router;
  assert.equal(href("/states", { q: "a b", show: "" }), "/states?lang=en&q=a+b");
  setQuery({ from: "FRA", show: ["x", "y"] });
  assert.equal(here.value.query.get("from"), "FRA");
  assert.deepEqual(here.value.query.getAll("show"), ["x", "y"]);
  setQuery({ from: "" });
  assert.equal(here.value.query.has("from"), false);
});

test("names are compared without case, accents and punctuation", () => {
  const { fold } = modules.states;
  assert.equal(fold("Côte d’Ivoire"), "cote d ivoire");
  assert.equal(fold("  ÅLAND "), "aland");
});
