import { launch } from './chromium.js';

// Opens Swagger UI, gives it the key as it is, tries an operation with what the page proposes, and tells what came of that, how much there
// is in the page, and what the browser complained of.
const { address, key, tag, verb, path, parameters = {} } = JSON.parse(process.argv[2]);
const complaints = [];
const browser = await launch();
const page = await browser.newPage();
page.on('console', (message) => {
  if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
});
page.on('pageerror', (failure) => complaints.push(failure.message));
await page.exposeFunction('complain', (text) => complaints.push(text));
await page.addInitScript(() => {
  document.addEventListener('securitypolicyviolation', (violation) => complain(`${violation.violatedDirective}: ${violation.blockedURI}`));
});

await page.goto(address);
const tags = page.locator('.opblock-tag');
await tags.first().waitFor();
const proposed = await tags.evaluateAll((all) => all.map((one) => one.dataset.tag));
const collapsed = (await page.locator('.opblock').count()) === 0;

if (key) {
  await page.locator('.auth-wrapper .authorize').click();
  const scheme = page.locator('.modal-ux .auth-container').first();
  await scheme.locator('input').fill(key);
  await scheme.locator('.authorize').click();
  await page.locator('.modal-ux .btn-done').first().click();
}

await page.locator(`.opblock-tag[data-tag="${tag}"]`).click();
const operation = page.locator(`.opblock-${verb}`, { has: page.locator(`.opblock-summary-path[data-path="${path}"]`) });
await operation.locator('.opblock-summary-control').click();
await operation.locator('.try-out__btn').click();
for (const [name, value] of Object.entries(parameters)) await operation.locator(`tr[data-param-name="${name}"] input`).fill(value);
const examples = await operation.locator('.opblock-section-request-body .examples-select option').allInnerTexts();
const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
await operation.locator('.execute').click();
const live = operation.locator('.live-responses-table tbody');
const status = (await live.locator('.response-col_status').first().innerText()).trim();
const answer = await live.locator('.response-col_description pre.microlight, .response-col_description .highlight-code').first().innerText();

// A schema is there where somebody asks for it.
await operation.locator('.responses-table:not(.live-responses-table) .tablinks[data-name="model"]').first().click();
const model = await operation.locator('.responses-table .model-box').first().innerText();
console.log(JSON.stringify({ first: proposed[0], collapsed, examples, nodes, status, answer, model, complaints }));
await browser.close();
