// The import desk: a file is tried, corrected, applied and taken back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inLanguage, start, ways } from "./support.mjs";

let site;
before(async () => {
  site = await start();
});
after(() => site?.stop());

const header = "state,authority_name,email,function,treaty,article,valid_from\n";
const row = (state, name, from) => `${state},${name},office@example.org,mla,untoc,18(13),${from}\n`;

function csv(name, text) {
  return { name, mimeType: "text/csv", buffer: Buffer.from(text) };
}

const faulty = csv(
  "offices.csv",
  header +
    row("Lithuania", '"First ""test"" office, north"', "2020-01-01") +
    row("Lithunia", "Second test office", "2020-02-30"),
);

/** Waits until the file was tried. */
async function tryFile(page, file) {
  await page.getByLabel("File", { exact: true }).setInputFiles(file);
  await page.getByRole("heading", { name: "Tried: nothing is written yet" }).waitFor();
}

async function officesOf(state, word) {
  const { authorities = [] } = await site.call("DirectoryService/ListAuthorities", {
    parent: `states/${state}`,
    pageSize: 1000,
  });
  return authorities.filter(({ displayNames }) => displayNames[0].text.includes(word));
}

test("errors are shown by cell, corrected in place, applied and taken back", async () => {
  const { page, close } = await site.open("/import");
  await tryFile(page, faulty);
  assert.match(await page.locator(".answer").innerText(), /1 rejected/);
  await page.getByText("did you mean Lithuania").waitFor();
  await page.getByText("must be a day of the calendar").waitFor();
  await page.getByText("Nothing can be applied while records are rejected").waitFor();
  assert.ok(await page.getByRole("button", { name: /^Apply:/ }).isDisabled());

  await page.getByLabel("Correct state in line 3").fill("Lithuania");
  await page.getByLabel("Correct valid_from in line 3").fill("2020-02-29");
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Save the corrected file" }).click();
  const chunks = [];
  for await (const chunk of await (await saved).createReadStream()) chunks.push(chunk);
  assert.equal(
    Buffer.concat(chunks).toString(),
    header +
      row("Lithuania", '"First ""test"" office, north"', "2020-01-01") +
      row("Lithuania", "Second test office", "2020-02-29"),
  );
  await page.getByRole("button", { name: "Try again with the corrections" }).click();
  await page.getByText(/0 rejected/).first().waitFor();
  assert.deepEqual(await officesOf("LTU", "test"), []);

  await page.getByRole("button", { name: "Apply: add 4, change 0" }).click();
  await page.getByRole("button", { name: "Yes, apply it" }).click();
  await page.getByRole("heading", { name: "Applied" }).waitFor();
  assert.equal((await officesOf("LTU", "test")).length + (await officesOf("LTU", "Second")).length, 3);
  await page.getByRole("link", { name: /^states\/LTU\/authorities\// }).first().click();
  await page.getByRole("heading", { level: 1, name: /test/ }).waitFor();
  await page.goBack();

  await page.getByRole("button", { name: "Undo the import offices.csv" }).click();
  await page.getByText(/return to what they were before/).waitFor();
  await page.getByRole("button", { name: "Yes, undo it" }).click();
  await page.getByRole("cell", { name: "Undone" }).waitFor();
  assert.deepEqual(await officesOf("LTU", "test"), []);
  await close();
});

test("the good records can be applied without the others", async () => {
  const { page, close } = await site.open("/import");
  await tryFile(page, csv("partial.csv", header + row("Latvia", "Partial office", "2020-01-01") + row("Nowhere", "Lost office", "")));
  await page.getByLabel("Leave out what is rejected and apply the rest").check();
  await page.getByRole("button", { name: /^Apply: add 2/ }).click();
  await page.getByRole("button", { name: "Yes, apply it" }).click();
  await page.getByRole("heading", { name: "Applied" }).waitFor();
  assert.equal((await officesOf("LVA", "Partial office")).length, 1);
  // The same once more changes nothing.
  await tryFile(page, csv("partial.csv", header + row("Latvia", "Partial office", "2020-01-01")));
  await page.getByText("There is nothing to apply").waitFor();
  await close();
});

test("a header that nobody knows is told what it means", async () => {
  const { page, close } = await site.open("/import", { expected: [400] });
  const text = header.replace("authority_name", "Kontaktstelle") + row("Latvia", "Mapped office", "2020-01-01");
  await page.getByLabel("File", { exact: true }).setInputFiles(csv("mapped.csv", text));
  await page.locator(".notice-error, .answer").first().waitFor();
  await page.getByText("How the file is written").click();
  await page.getByLabel("Columns").fill("Kontaktstelle = authority_name");
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByText("2 added").first().waitFor();
  await close();
});

test("what a file would change is shown as differences", async () => {
  const { page, close } = await site.open("/import");
  const id = (name) => `id,${header}42,${row("Estonia", name, "2020-01-01")}`;
  await tryFile(page, csv("changing.csv", id("Old name of an office")));
  await page.getByRole("button", { name: /^Apply:/ }).click();
  await page.getByRole("button", { name: "Yes, apply it" }).click();
  await page.getByRole("heading", { name: "Applied" }).waitFor();
  await tryFile(page, csv("changing.csv", id("New name of an office")));
  await page.getByRole("button", { name: /^Changed/ }).click();
  await page.locator("del", { hasText: "Old name of an office" }).first().waitFor();
  await page.locator("ins", { hasText: "New name of an office" }).first().waitFor();
  await close();
});

test("files that are none are refused with the reason", async () => {
  const { page, close } = await site.open("/import", { expected: [400] });
  await page.getByLabel("File", { exact: true }).setInputFiles(csv("empty.csv", ""));
  await page.getByText("The file was not imported:").waitFor();
  await page.getByLabel("File", { exact: true }).setInputFiles({
    name: "designations.xlsx",
    mimeType: "application/octet-stream",
    buffer: Buffer.from("PK\u0003\u0004 no workbook"),
  });
  await page.getByText("The file was not imported:").waitFor();
  await close();
});

test("a lost connection is said to be one", async () => {
  const { page, faults, close } = await site.open("/import");
  await page.route("**/v1/importJobs:import*", (route) => route.abort("connectionreset"));
  await page.getByLabel("File", { exact: true }).setInputFiles(faulty);
  await page.getByText("The connection was lost.").waitFor();
  // The browser tells of what the test made happen.
  faults.length = 0;
  await close();
});

test("an import that takes long can be cancelled", async () => {
  const { page, faults, close } = await site.open("/import");
  await page.route("**/v1/importJobs:import*", () => {});
  await page.getByLabel("File", { exact: true }).setInputFiles(faulty);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Cancelled. Nothing was written").waitFor();
  faults.length = 0;
  await close();
});

for (const { lang, width, scheme } of ways) {
  test(`import desk in ${lang} at ${width}, ${scheme}`, async () => {
    await site.inspect(inLanguage("/import", lang), { width, scheme });
    const { page, look, close } = await site.open(inLanguage("/import", lang), { width, scheme });
    await page.locator("#file").setInputFiles(faulty);
    await page.locator(".problems").waitFor();
    await page.locator(".ask-more-options summary").click();
    await look();
    await page.locator(".problems input").nth(0).fill("LTU");
    await page.locator(".problems input").nth(1).fill("2020-02-29");
    await page.locator(".answer .button-primary").click();
    await page.locator(".problems").waitFor({ state: "detached" });
    await page.locator(".answer .button-primary").click();
    await page.getByRole("alert").locator(".button-primary").click();
    await page.locator("tr", { hasText: "offices.csv" }).locator("button").first().click();
    await look();
    await page.locator("table .button-primary").click();
    await page.locator("table .button-primary").waitFor({ state: "detached" });
    assert.deepEqual(await officesOf("LTU", "test"), []);
    await close();
  });
}
