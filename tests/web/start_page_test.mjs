// The start page: from two States, a function and a day to the right desk.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inLanguage, start, ways } from "./support.mjs";

const answered = "/?from=FRA&to=LTU&for=mla";
let site;
before(async () => {
  site = await start();
});
after(() => site?.stop());

const options = (page) => page.locator("[role=listbox]:not([hidden]) [role=option]");

test("three choices by keyboard alone lead to the card", async () => {
  const { page, close } = await site.open("/");
  await page.getByRole("combobox", { name: "Which State asks" }).focus();
  await page.keyboard.type("fran");
  await options(page).first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  // Misspelt: the server says what may be meant.
  await page.keyboard.type("lithaunia");
  await options(page).filter({ hasText: "Lithuania" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("mutual");
  await options(page).first().waitFor();
  await page.keyboard.press("Enter");
  const cards = page.getByRole("article");
  await cards.first().waitFor();
  assert.equal(await cards.count(), 2);
  assert.match(page.url(), /\?from=FRA&to=LTU&for=mla$/);
  await page.getByRole("status").filter({ hasText: "2 offices" }).waitFor();
  await close();
});

test("the first stop of the keyboard skips to the content", async () => {
  const { page, close } = await site.open("/");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await close();
});

test("Escape closes the list and leaves the choice", async () => {
  const { page, close } = await site.open("/?from=FRA");
  const field = page.getByRole("combobox", { name: "Which State asks" });
  await field.fill("ger");
  await options(page).first().waitFor();
  assert.equal(await field.getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Escape");
  assert.equal(await field.getAttribute("aria-expanded"), "false");
  assert.equal(await field.inputValue(), "France");
  assert.match(page.url(), /from=FRA/);
  await close();
});

test("a card has its reasons, sources, ages and what is not known", async () => {
  const { page, close } = await site.open(answered);
  const card = page.getByRole("article").first();
  const text = await card.innerText();
  assert.match(text, /Ministry of Justice of the Republic of Lithuania/);
  assert.match(text, /Verify before use/);
  assert.match(text, /UNTOC, article 18\(13\)/);
  assert.match(text, /in force between France and Lithuania since 2003-09-29/);
  assert.match(text, /Write in English/);
  assert.match(text, /whether it is open is not known/);
  assert.match(text, /16 September 2010/);
  await card.getByText("Why this office").click();
  const steps = card.locator(".why ol > li");
  assert.ok((await steps.count()) >= 5);
  for (const step of await steps.all()) {
    assert.equal(await step.locator(".sources").count(), 1, await step.innerText());
  }
  await close();
});

test("the day asked for decides, and is in the URL", async () => {
  const { page, close } = await site.open(answered);
  await page.getByLabel("On which day").fill("2001-01-01");
  await page.getByText("No office is known for this request").first().waitFor();
  assert.match(page.url(), /on=2001-01-01/);
  const text = await page.locator("main").innerText();
  assert.match(text, /What remains/);
  assert.match(text, /diplomatic channel/);
  await close();
});

test("reload keeps the answer, back and forward follow the choices", async () => {
  const { page, close } = await site.open(answered);
  await page.reload();
  await page.getByRole("article").first().waitFor();
  await page.getByRole("button", { name: "Swap the two States" }).click();
  await page.waitForURL(/from=LTU&to=FRA/);
  await page.goBack();
  await page.getByRole("article").first().waitFor();
  assert.equal(
    await page.getByRole("combobox", { name: "Which State is asked" }).inputValue(),
    "Lithuania",
  );
  await page.goForward();
  await page.waitForURL(/from=LTU&to=FRA/);
  await close();
});

test("a link, a copy and a vCard of a card can be taken along", async () => {
  const { page, close } = await site.open("/?from=FRA&to=LVA&for=firearms&on=2020-06-01");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const card = page.getByRole("article").first();
  await card.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "Copied" }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /Telephone: \+371 7219263/);
  assert.match(copied, /from=FRA&to=LVA&for=firearms&on=2020-06-01/);
  await card.getByRole("button", { name: "Copy link to this answer" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(link.startsWith(`${site.origin}/?`), link);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    card.getByRole("button", { name: /vCard/ }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^LVA-.*\.vcf$/);
  let text = "";
  for await (const chunk of await download.createReadStream()) text += chunk;
  assert.match(text, /^BEGIN:VCARD\r\nVERSION:4\.0/);
  await close();
});

test("a card is printed alone, on one page, without the form", async () => {
  const { page, close } = await site.open(answered);
  const cards = page.locator("article");
  // The dialogue of the browser would wait for somebody.
  await page.evaluate(() => {
    globalThis.print = () => {};
  });
  await page.getByRole("article").nth(1).getByRole("button", { name: "Print" }).click();
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator("input[role=combobox]").first().isVisible(), false);
  assert.equal(await cards.first().isVisible(), false);
  assert.equal(await cards.nth(1).isVisible(), true);
  const margin = "12mm";
  const paper = await page.pdf({
    format: "A4",
    margin: { top: margin, right: margin, bottom: margin, left: margin },
  });
  assert.equal(paper.toString("latin1").match(/\/Type \/Page\b(?!s)/g).length, 1);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await cards.first().isVisible(), true);
  await close();
});

test("mistakes are told beside the field, and by the server", async () => {
  const bad = await site.open("/?from=FRA&to=LTU&for=mla&on=2015-13-40");
  await bad.page.getByText("“2015-13-40” is not a day").waitFor();
  await bad.close();
  const same = await site.open("/?from=FRA&to=FRA&for=mla");
  await same.page.getByText("Choose two different States.").waitFor();
  await same.close();
  const unknown = await site.open("/?from=FRA&to=Atlantis&for=mla", { expected: [404] });
  await unknown.page.getByRole("alert").getByText("Atlantis").waitFor();
  await unknown.close();
});

test("an unreachable server is told, and asked again", async () => {
  const { page, faults } = await site.open("/?from=FRA&to=LTU");
  await page.route("**/comity.v1.RoutingService/**", (route) => route.abort("connectionrefused"));
  await page.getByRole("combobox", { name: "For what" }).fill("mutual");
  await options(page).first().click();
  await page.getByRole("alert").getByText("cannot be reached").waitFor();
  await page.unroute("**/comity.v1.RoutingService/**");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("article").first().waitFor();
  assert.ok(faults.every((one) => /RoutingService|ERR_CONNECTION_REFUSED/.test(one)), faults.join());
  await page.context().close();
});

test("the page speaks the browser's language, and keeps the chosen one", async () => {
  const { page, close } = await site.open("/", { locale: "fr-FR" });
  assert.equal(await page.locator("h1").innerText(), "Trouver un contact");
  await page.locator("#language").selectOption("ar");
  await page.getByRole("heading", { level: 1, name: "البحث عن جهة اتصال" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
  assert.match(page.url(), /lang=ar/);
  await page.goto(`${site.origin}/`);
  await page.getByRole("heading", { level: 1, name: "البحث عن جهة اتصال" }).waitFor();
  await close();
});

test("the appearance can be chosen, and is kept", async () => {
  const { page, close } = await site.open("/");
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  await page.locator("#theme").selectOption("dark");
  assert.notEqual(await paper(), light);
  const dark = await paper();
  await page.reload();
  await page.locator("h1").waitFor();
  assert.equal(await paper(), dark);
  await close();
});

test("the first page takes less than 150 KB", async () => {
  const { page, close } = await site.open("/");
  const bytes = await page.evaluate(() =>
    [
      ...performance.getEntriesByType("navigation"),
      ...performance.getEntriesByType("resource"),
    ].reduce((sum, one) => sum + one.transferSize, 0),
  );
  assert.ok(bytes > 10_000 && bytes < 150 * 1024, `${bytes} bytes`);
  await close();
});

for (const { lang, ...way } of ways) {
  test(`three choices lead to the card in ${lang}, ${way.width} px`, async () => {
    const { page, look, close } = await site.open(inLanguage("/", lang), way);
    for (const [at, typed] of ["FRA", "LTU", "mla"].entries()) {
      await page.getByRole("combobox").locator("visible=true").and(page.locator("input")).nth(at).click();
      await page.keyboard.type(typed);
      await options(page).first().waitFor();
      await page.keyboard.press("Enter");
    }
    await page.locator(".route").first().waitFor();
    assert.equal(await page.locator("html").getAttribute("dir"), lang === "ar" ? "rtl" : "ltr");
    await look();
    await page.reload();
    await page.locator(".route").first().waitFor();
    await close();
  });

  test(`nothing is wrong with it in ${lang}, ${way.width} px, ${way.scheme}`, async () => {
    await site.inspect(inLanguage("/", lang), way);
    await site.inspect(inLanguage(answered, lang), way);
    await site.inspect(inLanguage("/?from=FRA&to=SOM&for=extradition", lang), way);
  });
}
