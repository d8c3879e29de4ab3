// Headless Chromium for one walk: people with cookies of their own, and a look at each page.
// The first line of stdin is the order, {base, provider, chromium, shots}; the last line printed is what was told.
import { createInterface } from 'node:readline';
import { mkdirSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

export const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
export const order = JSON.parse((await lines.next()).value);
const { base, provider, chromium, shots } = order;
if (shots) mkdirSync(shots, { recursive: true });

const browser = await puppeteer.launch({
  executablePath: chromium, headless: true,
  // Nobody but this machine is there: a page that asks for more learns so at once.
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
});
export const told = { errors: [], foreign: [], wider: [], pages: {}, cookies: [], referrers: [], origins: [] };

// Somebody with cookies of their own.
export async function person() {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.on('console', (message) => { if (message.type() === 'error') told.errors.push(message.text()); });
  page.on('pageerror', (error) => told.errors.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    // Chromium's own error page, after an aborted request, draws itself.
    if (url.protocol !== 'data:' && ![base, provider].includes(url.origin)) told.foreign.push(request.url());
    if (url.origin === provider && request.headers().referer?.startsWith(base)) told.referrers.push(request.headers().referer);
  });
  return page;
}

// What a page says, and that it fits; with pictures in both themes and two widths.
export async function look(page, name) {
  told.pages[name] = { path: new URL(page.url()).pathname, query: new URL(page.url()).search, title: await page.title(),
    text: await page.evaluate(() => document.querySelector('main').innerText) };
  for (const [theme, width, height] of [['light', 1200, 800], ['dark', 1200, 800], ['light', 390, 844], ['dark', 390, 844]]) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
    await page.setViewport({ width, height });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) told.wider.push(`${name} at ${width}: ${over}`);
    if (shots) await page.screenshot({ path: `${shots}/${name}-${theme}-${width}.png`, fullPage: true });
  }
  await page.setViewport({ width: 1200, height: 800 });
}

export const go = (page, path) => page.goto(path.startsWith('http') ? path : base + path);
export const press = async (page, selector) => { await Promise.all([page.waitForNavigation(), page.click(selector)]); };
export const value = (page, selector) => page.$eval(selector, (field) => field.value);

export async function end() {
  await browser.close();
  console.log(JSON.stringify(told));
  process.exit(0);
}
