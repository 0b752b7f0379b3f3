// Takes the pictures of docs/screenshots: node tests/web/screenshots.mjs.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { root, start } from "./support.mjs";

const pictures = [
  ["find-a-contact", "/?from=FRA&to=LTU&for=mla&on=2015-06-01", { width: 1280 }],
  ["find-a-contact-ar", "/?from=FRA&to=LTU&for=mla&on=2015-06-01&lang=ar", { width: 390 }],
  ["states", "/states?treaty=untoc&for=mla", { width: 1280, scheme: "dark" }],
  ["treaty", "/treaties/untoc?lang=fr", { width: 1280 }],
];

const folder = join(root, "docs/screenshots");
await mkdir(folder, { recursive: true });
const site = await start();
try {
  for (const [name, path, options] of pictures) {
    const { page, close } = await site.open(path, options);
    await page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: 70 });
    await close();
  }
} finally {
  await site.stop();
}
