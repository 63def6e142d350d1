import { launch } from './chromium.js';

// Opens Swagger UI, tries an operation without parameters, and tells what came of that and what the browser complained of.
const [address, path] = process.argv.slice(2);
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

// Only what is to be seen is in the page.
await page.goto(address);
await page.locator('.opblock').first().waitFor();
const operation = page.locator('.opblock-get', { has: page.locator(`.opblock-summary-path[data-path="${path}"]`) });
while (!(await operation.count())) {
  await page.evaluate(() => new Promise((done) => {
    scrollBy(0, innerHeight / 2);
    requestAnimationFrame(() => requestAnimationFrame(done));
  }));
}

await operation.locator('.opblock-summary-control').click({ noWaitAfter: true });
await operation.locator('.try-out__btn').click({ noWaitAfter: true });
await operation.locator('.execute').click({ noWaitAfter: true });
const status = await operation.locator('.live-responses-table tbody .response-col_status').first().innerText();
console.log(JSON.stringify({ status: status.trim(), complaints }));
await browser.close();
