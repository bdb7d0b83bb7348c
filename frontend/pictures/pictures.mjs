// Takes the pictures of the README from a running demo district: node pictures.mjs URL FOLDER
import { chromium } from "playwright-core";
import { mkdir } from "node:fs/promises";

const [, , url, folder] = process.argv;
const desk = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
// A strip between two walls in the east of the district.
const strip = "at=120.640386,31.262485";
const near = `${strip}&view=16.2,120.63985,31.2620`;

// Name, window, scheme, address, what is pressed.
const pictures = [
  ["map-desk-zh", desk, "light", `/map?${near}`],
  ["map-desk-en", desk, "light", `/map?${near}&accuracy=30&lang=en`],
  ["map-desk-dark", desk, "dark", `/map?${near}`],
  ["map-district-zh", desk, "light", "/map"],
  ["map-phone-zh", phone, "light", `/map?${strip}&view=16.8,120.6404,31.2614`],
  ["map-phone-dark-en", phone, "dark", `/map?${strip}&view=16.8,120.6404,31.2614&lang=en`],
  ["report-phone-zh", phone, "light", `/map?${strip}&view=16.8,120.6404,31.2614`, "#report-here"],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox", "--disable-dev-shm-usage", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--disable-background-networking", "--lang=zh-CN",
  ],
});
await mkdir(folder, { recursive: true });
for (const [name, viewport, colorScheme, address, pressed] of pictures) {
  const page = await browser.newPage({ viewport, colorScheme, locale: "zh-CN" });
  await page.goto(url + address);
  const drawn = () => {
    const map = document.querySelector("#map")?.map;
    return map?.isStyleLoaded() && map.areTilesLoaded() && !map.isMoving()
      && document.querySelector("#responsible, .welcome");
  };
  await page.waitForFunction(drawn);
  if (pressed) await page.click(pressed);
  await page.waitForFunction(drawn);
  // Two frames of rest, so that names have faded in.
  await page.evaluate(() => new Promise((done) => {
    document.querySelector("#map").map.once("idle", done).triggerRepaint();
  }));
  await page.screenshot({ path: `${folder}/${name}.png` });
  console.log(`${folder}/${name}.png`);
  await page.close();
}
await browser.close();
