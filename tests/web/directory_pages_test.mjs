// States, offices, functions and treaties.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inLanguage, start, ways } from "./support.mjs";

let site;
before(async () => {
  site = await start();
});
after(() => site?.stop());

test("every State and territory is in the table, and the filters narrow it", async () => {
  const { page, close } = await site.open("/states");
  const rows = page.locator("tbody tr");
  const { states } = await site.call("DirectoryService/ListStates", { pageSize: 1000 });
  assert.equal(await rows.count(), states.length);
  await page.getByLabel("Name or code").fill("lith");
  await page.waitForURL(/q=lith/);
  await rows.nth(1).waitFor({ state: "detached" });
  assert.match(await rows.first().innerText(), /Lithuania/);
  await page.getByLabel("Name or code").fill("");
  await page.getByLabel("Show").selectOption("designated");
  const { designations } = await site.call("DirectoryService/ListDesignations", {
    parent: "states/-",
    pageSize: 1000,
  });
  const designated = new Set(designations.map(({ name }) => name.split("/")[1]));
  await page.getByText(`${designated.size} States and territories`).first().waitFor();
  assert.equal(await rows.count(), designated.size);
  await close();
});

test("a treaty in the filter shows who takes part; no record is not known", async () => {
  const { page, close } = await site.open("/states?treaty=untoc&for=mla");
  const row = (name) => page.locator("tbody tr").filter({ has: page.getByRole("link", { name, exact: true }) });
  assert.match(await row("Lithuania").innerText(), /9 May 2002/);
  assert.match(await row("Somalia").innerText(), /no record: not known/);
  await close();
});

test("what is on the map is in the table, too", async () => {
  const { page, close } = await site.open("/states");
  const map = page.getByRole("img", { name: /Map of the world/ });
  await map.locator("path.land").first().waitFor();
  const onMap = await map.locator(".land title").allTextContents();
  const inTable = new Set(await page.locator("tbody th").allInnerTexts());
  assert.ok(onMap.length > 200, `${onMap.length}`);
  for (const title of onMap) assert.ok(inTable.has(title.split(":")[0]), title);
  await close();
});

test("a State leads to its offices, treaties and laws", async () => {
  const { page, close } = await site.open("/states/LTU");
  assert.equal(await page.title(), "Lithuania – Comity");
  await page.getByRole("link", { name: "Ministry of Justice of the Republic of Lithuania" }).first().click();
  await page.getByRole("heading", { level: 1, name: /Ministry of Justice/ }).waitFor();
  assert.match(page.url(), /\/authorities\/LTU\/ministry-of-justice/);
  await page.getByRole("link", { name: "UNTOC", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "UNTOC" }).waitFor();
  await page.goBack();
  await page.goBack();
  await page.getByRole("heading", { level: 1, name: "Lithuania" }).waitFor();
  await page.getByRole("link", { name: "Find a contact in this State" }).click();
  await page.waitForURL(/\/\?to=LTU$/);
  await close();
});

test("a treaty has its parties with dates, and its articles", async () => {
  const { page, close } = await site.open("/treaties/untoc");
  const { participations } = await site.call("TreatyService/ListParticipations", {
    parent: "treaties/untoc",
    pageSize: 1000,
  });
  await page.getByText(`${participations.length} records`).waitFor();
  await page.getByLabel("Name or code").fill("france");
  await page.getByText("1 record").waitFor();
  assert.match(await page.getByRole("row", { name: /France/ }).first().innerText(), /29 October 2002/);
  await page.getByText(/^Articles \(/).click();
  await page.getByRole("rowheader", { name: "18(13)", exact: true }).waitFor();
  await close();
});

test("the history of an office shows what was changed", async () => {
  const name = "states/LTU/authorities/ministry-of-justice-of-the-republic-of-lithuania";
  await site.call("DirectoryService/UpdateAuthority", {
    authority: { name, unit: "Department of International Law" },
    updateMask: "unit",
  });
  const { page, close } = await site.open(`/authorities/LTU/${name.split("/").at(-1)}`);
  await page.getByText("History of this record").last().click();
  const row = page.getByRole("row", { name: /^unit/ });
  await row.waitFor();
  assert.match(await row.innerText(), /absent\s+Department of International Law/);
  await page.getByText(/Created/).last().waitFor();
  await close();
});

test("what is not there is told", async () => {
  const state = await site.open("/states/QQQ", { expected: [404] });
  await state.page.getByRole("alert").getByText("There is no such record.").waitFor();
  await state.close();
  const page = await site.open("/nowhere/at/all");
  await page.page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await page.close();
});

const paths = [
  "/states?treaty=untoc",
  "/states/ALB",
  "/states/ABW",
  "/authorities/LVA/ministry-of-interior",
  "/functions",
  "/functions/mla",
  "/treaties",
  "/treaties/untoc-firearms",
  "/treaties/coe-ets-185",
  "/nowhere",
];
for (const { lang, ...way } of ways) {
  test(`from all States to an office and back in ${lang}, ${way.width} px`, async () => {
    const { page, close } = await site.open(inLanguage("/states", lang), way);
    await page.locator("#q").fill("LTU");
    await page.locator("tbody tr").nth(1).waitFor({ state: "detached" });
    await page.locator("tbody th a").click();
    await page.waitForURL(/\/states\/LTU/);
    await page.locator('main a[href^="/authorities/LTU/"]').first().click();
    await page.waitForURL(/\/authorities\/LTU\//);
    await page.locator(".history summary").last().click();
    await page.locator(".changes li").first().waitFor();
    await page.goBack();
    await page.goBack();
    await page.waitForURL(/\/states\?.*q=LTU/);
    await page.locator("tbody tr").nth(1).waitFor({ state: "detached" });
    await page.locator(".site-nav a").filter({ visible: true }).last().waitFor();
    await close();
  });

  test(`nothing is wrong with them in ${lang}, ${way.width} px, ${way.scheme}`, async () => {
    for (const path of paths) await site.inspect(inLanguage(path, lang), way);
  });
}
