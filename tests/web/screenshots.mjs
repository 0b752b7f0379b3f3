// Takes the pictures of docs/screenshots: node tests/web/screenshots.mjs.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { root, start } from "./support.mjs";

const pictures = [
  ["find-a-contact", "/?from=FRA&to=LTU&for=mla&on=2015-06-01", { width: 1280 }],
  ["find-a-contact-ar", "/?from=FRA&to=LTU&for=mla&on=2015-06-01&lang=ar", { width: 390 }],
  ["states", "/states?treaty=untoc&for=mla", { width: 1280, scheme: "dark" }],
  ["state", "/states/LTU?lang=es", { width: 1280 }],
  ["authority", "/authorities/LTU/ministry-of-justice-of-the-republic-of-lithuania", { width: 390 }],
  ["functions", "/functions?lang=ru", { width: 1280 }],
  ["function", "/functions/mla", { width: 1280 }],
  ["treaties", "/treaties", { width: 390, scheme: "dark" }],
  ["treaty", "/treaties/untoc?lang=fr", { width: 1280 }],
  ["search", "/search?q=money+laundering", { width: 1280 }],
  ["search-ar", "/search?q=%D8%BA%D8%B3%D9%84+%D8%A7%D9%84%D8%A3%D9%85%D9%88%D8%A7%D9%84&lang=ar", { width: 390, scheme: "dark" }],
  ["law", "/laws/KEN/constitution-2010", { width: 1280 }],
  ["coverage", "/coverage?treaty=uncac", { width: 1280, scheme: "dark" }],
];

// A file with a fault, for the import desk; it says itself that it is made up.
const faulty = `state,authority_name,email,function,treaty,article,valid_from
Lithuania,Made-up office,office@example.org,mla,untoc,18(13),2020-01-01
Lithunia,Another made-up office,other@example.org,mla,untoc,18(13),2020-02-30
`;

const folder = join(root, "docs/screenshots");
await mkdir(folder, { recursive: true });
const site = await start();
try {
  for (const [name, path, options] of pictures) {
    const { page, close } = await site.open(path, options);
    await page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: 70 });
    await close();
  }
  const { page, close } = await site.open("/import");
  await page.locator("#file").setInputFiles({
    name: "made-up.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(faulty),
  });
  await page.locator(".problems").waitFor();
  await page.screenshot({ path: join(folder, "import.jpg"), type: "jpeg", quality: 70 });
  await close();
} finally {
  await site.stop();
}
