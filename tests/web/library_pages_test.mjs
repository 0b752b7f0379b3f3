// Search, a law's text, and the coverage of treaties.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inLanguage, start, ways } from "./support.mjs";

const law = "states/LTU/laws/test-law";
const sources = [{ kind: "SOURCE_KIND_SYNTHETIC", document: "test" }];

let site;
before(async () => {
  site = await start();
  await site.call("LibraryService/CreateLaw", {
    law: {
      name: law,
      titles: [{ text: "Test law on quixotic seizures", language: "en" }],
      type: "LAW_TYPE_ACT",
      number: "No. 7",
      adopted: "2010-01-01",
      sources,
    },
  });
  const provision = (name, number, heading, text) => ({
    name,
    kind: "KIND_ARTICLE",
    label: `Article ${number}`,
    number,
    heading,
    text,
  });
  const write = (text, kind, from, until, provisions) =>
    site.call("LibraryService/CreateExpression", {
      expression: {
        name: `${law}/expressions/${text}`,
        kind,
        language: text.split("@")[0],
        validFrom: { date: from },
        ...(until && { validUntil: { date: until } }),
        sources,
        provisions,
      },
    });
  // Many, so that a text is read in parts.
  const many = Array.from({ length: 300 }, (_, at) =>
    provision(`art-${at + 3}`, `${at + 3}`, `Matter ${at + 3}`, `Of the ${at + 3}rd quixotic matter.`),
  );
  await write("en@2010-01-01", "KIND_TEXT", "2010-01-01", "2020-01-01", [
    provision("art-1", "1", "Seizure", "A quixotic court may seize goods within ten days."),
    provision("art-2", "2", "Return", "Goods are given back."),
  ]);
  await write("en@2020-01-01", "KIND_TEXT", "2020-01-01", "", [
    provision("art-1", "1", "Seizure", "A quixotic court may seize goods within thirty days."),
    ...many,
  ]);
  await write("ar@2010-01-01", "KIND_TRANSLATION", "2010-01-01", "", [
    provision("art-1", "1", "الحجز", "يجوز للمحكمة حجز البضائع خلال عشرة أيام."),
  ]);
  const { sequence } = await site.call("AdminService/GetStats", {});
  await site.call("SearchService/Search", { query: "quixotic", minSequence: sequence });
});
after(() => site?.stop());

test("hits come while one types, in all languages, and say why", async () => {
  const { page, close } = await site.open("/search");
  await page.getByText("Type words, a title").waitFor();
  await page.getByRole("searchbox", { name: "Search for" }).pressSequentially("money laundering");
  await page.waitForURL(/q=money\+laundering/);
  const results = page.locator(".result");
  await results.first().waitFor();
  const answer = await site.call("SearchService/Search", {
    query: "money laundering",
    facets: ["SEARCH_FACET_FIELD_STATE"],
  });
  await page.getByRole("heading", { name: `${answer.totalSize} hits` }).waitFor();
  assert.match((await page.locator(".result mark").allInnerTexts()).join(" "), /launder/i);
  await page.getByText(/Also looked for \d+ words/).click();
  await page.getByText("blanchiment", { exact: false }).first().waitFor();
  await page.getByText(/Searched: \d+ laws/).waitFor();
  const languages = await page.locator(".result .snippet").evaluateAll((all) => [...new Set(all.map((one) => one.lang))]);
  assert.ok(languages.length > 2, languages.join());
  await close();
});

test("limits narrow the hits by just what they count, and can be taken back", async () => {
  const { page, close } = await site.open("/search?q=money+laundering");
  const state = page.getByRole("group", { name: "State" }).locator("label").first();
  const [name, count] = (await state.innerText()).split("\n");
  await state.click();
  await page.getByRole("heading", { name: `${count} hit` }).waitFor();
  await page.waitForURL(/state=[A-Z]{3}/);
  await page.reload();
  await page.getByRole("heading", { name: `${count} hit` }).waitFor();
  await page.getByRole("button", { name: `Remove: ${name}` }).click();
  await page.waitForURL((url) => !url.search.includes("state="));
  await page.goBack();
  await page.getByRole("button", { name: `Remove: ${name}` }).waitFor();
  await page.getByLabel("In other languages, too").click();
  await page.waitForURL(/own=1/);
  await page.getByText(/Also looked for/).waitFor({ state: "detached" });
  await close();
});

test("more results follow, none twice", async () => {
  const { page, close } = await site.open("/search?q=law");
  const titles = page.locator(".result h3 a");
  await titles.nth(9).waitFor();
  await page.getByRole("button", { name: "More results" }).click();
  await titles.nth(10).waitFor();
  const links = await titles.evaluateAll((all) => all.map((one) => one.href));
  assert.equal(new Set(links).size, links.length);
  await page.waitForURL(/pages=2/);
  await close();
});

test("what is not found gets help", async () => {
  const { page, close } = await site.open("/search?q=extradittion&state=LTU&own=1");
  await page.getByText("Nothing was found.").waitFor();
  await page.getByRole("button", { name: /Did you mean/ }).click();
  await page.locator(".result").first().waitFor();
  await page.goto(`${site.origin}/search?q=law&from=2020-01-01&until=2010-01-01`);
  await page.getByText("The first day must come before the second.").waitFor();
  await close();
});

test("a suggestion leads to the law", async () => {
  const { page, close } = await site.open("/search?q=quixotic");
  await page.getByRole("navigation", { name: "Go to" }).getByRole("link", { name: "Test law on quixotic seizures" }).click();
  await page.getByRole("heading", { level: 1, name: "Test law on quixotic seizures" }).waitFor();
  await close();
});

test("a text is read in parts, and a provision is found by its address", async () => {
  const { page, close } = await site.open("/search?q=%22250rd+quixotic%22");
  await page.getByRole("link", { name: "Article 250 – Matter 250" }).click();
  await page.waitForURL(/\/laws\/LTU\/test-law\?text=en%402020-01-01#art-250$/);
  const target = page.locator("#art-250");
  await target.waitFor();
  await page.waitForFunction(() => {
    const { top } = document.getElementById("art-250").getBoundingClientRect();
    return top > -5 && top < 200;
  });
  await page.goto(`${site.origin}/laws/LTU/test-law?lang=en`);
  await page.getByText("40 of 301 provisions shown").waitFor();
  await page.getByRole("searchbox", { name: "Number or heading" }).fill("299");
  await page.getByRole("link", { name: "Article 299 – Matter 299" }).click();
  await page.locator("#art-299").waitFor();
  await close();
});

test("texts of two dates are compared by words, of two languages side by side", async () => {
  const { page, close } = await site.open(
    "/laws/LTU/test-law?text=en@2020-01-01&with=en@2010-01-01&changes=1",
  );
  await page.getByText("1 changed, 300 added, 1 removed, 0 the same").waitFor();
  assert.deepEqual(await page.locator("#art-1 del").allInnerTexts(), ["ten"]);
  assert.deepEqual(await page.locator("#art-1 ins").allInnerTexts(), ["thirty"]);
  await page.locator("#with").selectOption({ label: "Arabic, 1 January 2010 – Translation" });
  await page.getByText("1 provisions in both").waitFor();
  const cell = page.locator("#art-1 td").first();
  assert.equal(await cell.getAttribute("dir"), "rtl");
  assert.match(await cell.innerText(), /للمحكمة/);
  await close();
});

test("a law as it was on a day", async () => {
  const { page, close } = await site.open("/laws/LTU/test-law?on=2015-06-01");
  await page.getByText("within ten days").waitFor();
  await page.getByLabel("As it was on").fill("2021-01-01");
  await page.getByText("within thirty days").waitFor();
  await close();
});

test("an abstract is said to be none of the law, with the articles beside it", async () => {
  const { mappings } = await site.call("LibraryService/ListMappings", { parent: "states/-", treaty: "treaties/untoc", pageSize: 1 });
  const [, state, , id] = mappings[0].name.split("/");
  const { page, close } = await site.open(`/laws/${state}/${id}`);
  await page.getByText("This is not the law.").waitFor();
  await page.getByRole("link", { name: /UNTOC, article/ }).first().click();
  await page.getByRole("heading", { level: 1, name: "UNTOC" }).waitFor();
  await close();
});

test("citations and links are copied", async () => {
  const { page, close } = await site.open("/laws/LTU/test-law?text=en@2020-01-01");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Copy citation of Article 1", exact: true }).click();
  await page.getByText("Copied").waitFor();
  assert.equal(
    await page.evaluate(() => navigator.clipboard.readText()),
    `Lithuania, Test law on quixotic seizures (No. 7), Article 1 (English, 1 January 2020; Text of the law). ${site.origin}/laws/LTU/test-law?text=en%402020-01-01#art-1`,
  );
  await close();
});

test("a law that is not there", async () => {
  const { page, close } = await site.open("/laws/LTU/no-such-law", { expected: [404] });
  await page.getByText("There is no such record.").waitFor();
  await close();
});

test("coverage counts what is on record, and leads to it", async () => {
  const { page, close } = await site.open("/coverage?treaty=uncac");
  const coverage = await site.call("LibraryService/GetCoverage", { treaty: "treaties/uncac" });
  await page.getByText(`of ${coverage.rows.length} States to this treaty`).first().waitFor();
  assert.equal(await page.locator(".grid tbody tr").count(), coverage.rows.length);
  assert.equal(
    await page.locator(".grid-cell").count(),
    coverage.rows.reduce((count, { cells }) => count + cells.length, 0),
  );
  await page.getByLabel("State", { exact: true }).fill("keny");
  await page.waitForURL(/q=keny/);
  await page.getByRole("link", { name: /^Kenya, article 6:/ }).click();
  await page.getByRole("heading", { level: 1 }).filter({ hasText: "Kenya" }).waitFor();
  await close();
});

for (const { lang, width, scheme } of ways) {
  test(`from a word to a provision and back in ${lang} at ${width}`, async () => {
    const { page, look, close } = await site.open(inLanguage("/search", lang), { width, scheme });
    await page.locator("#q").pressSequentially("corruption");
    await page.locator(".result").first().waitFor();
    if (width < 500) await page.locator(".facets > summary").click();
    await page.locator(".facet").nth(1).locator("label").first().click();
    await page.locator(".chip").waitFor();
    await look();
    await page.locator(".hit-name a").first().click();
    await page.waitForURL(/\/laws\//);
    await page.locator(".provision").first().waitFor();
    await look();
    await page.goBack();
    await page.locator(".chip").waitFor();
    await close();
  });

  test(`library pages in ${lang} at ${width}, ${scheme}`, async () => {
    for (const path of [
      "/search",
      "/search?q=money+laundering&state=GHA",
      "/search?q=zzzzzz",
      "/laws/LTU/test-law?text=en@2020-01-01",
      "/laws/LTU/test-law?text=en@2020-01-01&with=en@2010-01-01",
      "/coverage?treaty=untoc",
    ]) {
      await site.inspect(inLanguage(path, lang), { width, scheme });
    }
  });
}
