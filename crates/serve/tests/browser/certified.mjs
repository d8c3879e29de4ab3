// Consents at oidc-provider, whose pages nobody here wrote: one customer agrees, one says no when asked to consent, one
// when asked to log in.
import { end, go, look, person, press, told } from './chromium.mjs';

// From our page to the provider's.
async function begin() {
  const page = await person();
  await go(page, '/connect');
  await press(page, 'button.primary');
  told.origins.push(new URL(page.url()).origin);
  return page;
}

async function login(page, name) {
  await page.type('input[name=login]', name);
  await page.type('input[name=password]', 'any');
  await press(page, 'button[type=submit]');
}

const yes = await begin();
await login(yes, 'cus_1');
told.asked = await yes.evaluate(() => document.body.innerText);
await press(yes, 'button[type=submit]');
await look(yes, 'connected');

const no = await begin();
await login(no, 'cus_2');
await press(no, 'a[href$="/abort"]');
await look(no, 'denied');

const stranger = await begin();
await press(stranger, 'a[href$="/abort"]');
await look(stranger, 'denied-login');

await end();
