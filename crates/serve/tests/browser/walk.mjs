// Clicks through the service in headless Chromium as a customer and as the operator would, and tells what it saw.
// First line of stdin: {base, provider, secret, chromium, shots}. Prints `advance N` and waits for a line where the
// clock is to move N seconds; the last line printed is JSON.
import { createInterface } from 'node:readline';
import { mkdirSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { base, provider, secret, chromium, shots } = JSON.parse((await lines.next()).value);
if (shots) mkdirSync(shots, { recursive: true });

const advance = async (seconds) => { console.log(`advance ${seconds}`); await lines.next(); };
const browser = await puppeteer.launch({
  executablePath: chromium, headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const told = { errors: [], foreign: [], wider: [], pages: {}, cookies: [], referrers: [], origins: [] };

// Somebody with cookies of their own.
async function person() {
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
async function look(page, name) {
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

const go = (page, path) => page.goto(path.startsWith('http') ? path : base + path);
const press = async (page, selector) => { await Promise.all([page.waitForNavigation(), page.click(selector)]); };
const value = (page, selector) => page.$eval(selector, (field) => field.value);

// From a link to the provider's page.
async function begin(page, link) {
  await go(page, link);
  await press(page, 'button.primary');
}
const decide = (page, answer) => press(page, `button[value=${answer}]`);

// The operator makes a link for `label`.
async function invite(operator, label) {
  await go(operator, '/operator');
  await operator.type('form.invite input[name=label]', label);
  await press(operator, 'form.invite button');
  return value(operator, 'textarea');
}

const operator = await person();
await go(operator, '/operator');
await look(operator, 'login');
await operator.type('#secret', 'not the secret');
await press(operator, 'button.primary');
await look(operator, 'login-wrong');
await operator.type('#secret', secret);
await press(operator, 'button.primary');
await look(operator, 'list-empty');
const link = await invite(operator, 'Familie Grün, Hauptstraße 3');
await look(operator, 'invitation');

const customer = await person();
await go(customer, link);
await look(customer, 'connect');
await press(customer, 'button.primary');
told.consentPage = new URL(customer.url()).origin;
told.cookies.push(...(await customer.browserContext().cookies()).map(({ name, httpOnly, sameSite, path }) => ({ name, httpOnly, sameSite, path })));
await decide(customer, 'allow');
await look(customer, 'connected');
await go(customer, link);
await look(customer, 'link-used');

const other = await person();
await begin(other, await invite(operator, 'Haus am See'));
await decide(other, 'deny');
await look(other, 'denied');

// The address of an answer is caught and opened elsewhere.
const attacker = await person();
await begin(attacker, await invite(operator, 'Attacker'));
await attacker.setRequestInterception(true);
const caught = new Promise((found) => attacker.on('request', (request) => {
  if (request.url().includes('/oauth/callback')) { found(request.url()); request.abort(); } else request.continue();
}));
attacker.click('button[value=allow]').catch(() => {});
const stolen = await caught;
const victim = await person();
await go(victim, stolen);
await look(victim, 'wrong-browser');
await go(victim, stolen);
await look(victim, 'unknown');

const slow = await person();
await begin(slow, await invite(operator, 'Slow'));
await advance(601);
await decide(slow, 'allow');
await look(slow, 'expired');

for (let number = 2; number <= 6; number += 1) {
  const more = await person();
  await go(more, await invite(operator, `Haushalt ${number}`));
  await press(more, 'button.primary');
  await more.$eval('#customer', (field, number) => { field.value = number; }, number);
  await decide(more, 'allow');
}
await go(operator, '/operator');
await look(operator, 'list');
await operator.type('input[name=q]', 'grün');
await press(operator, 'form.search button');
await look(operator, 'found');
await press(operator, 'td a');
await operator.type('input[name=label]', 'Heat pump gateway');
await press(operator, 'section form.invite button');
told.device = await value(operator, 'textarea');
await look(operator, 'device');
await press(operator, 'a.button');
await look(operator, 'customer');
await operator.click('summary');
await look(operator, 'customer-open');
await press(operator, 'button.danger');
await look(operator, 'disconnected');
await go(operator, '/operator/events');
await look(operator, 'events');
await go(operator, '/nothing-here');
await look(operator, 'missing');
await go(operator, '/operator');
await press(operator, 'button.quiet');
told.after = new URL(operator.url()).pathname;

await browser.close();
console.log(JSON.stringify(told));
process.exit(0);
