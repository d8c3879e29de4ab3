// Clicks through the service as a customer and as the operator would, and tells what it saw. Prints `advance N` and
// waits for a line where the clock is to move N seconds.
import { end, go, lines, look, order, person, press, told, value } from './chromium.mjs';

const { secret } = order;
const advance = async (seconds) => { console.log(`advance ${seconds}`); await lines.next(); };

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

await end();
