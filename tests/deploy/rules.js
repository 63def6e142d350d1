// What can be said of the dashboard and the rules without a Prometheus: node rules.js
import { dashboard, expressions, isPromQl, panels, rules } from './expressions.js';
import { anchors, Faults, read, readYaml } from './repository.js';

const faults = new Faults();

for (const { where, text } of expressions()) {
  faults.unless(isPromQl(text), `${where} is no PromQL: ${text}`);
}

// Alerts: what somebody needs who is woken by one, and tests of both.
const tests = ['tests/deploy/rules.test.yaml', 'tests/deploy/rules.days.test.yaml']
  .flatMap((file) => readYaml(file).tests)
  .flatMap((test) => test.alert_rule_test ?? []);
const alerts = rules().filter(({ alert }) => alert);
for (const { alert, labels, annotations } of alerts) {
  const [page, anchor] = annotations?.runbook_url?.split('#') ?? [];
  faults.unless(annotations?.summary && annotations?.description, `${alert} has no summary or no description`);
  faults.unless(['critical', 'warning'].includes(labels?.severity), `${alert} is neither critical nor a warning`);
  faults.unless(page === 'docs/operating.md' && anchors(page).includes(anchor), `${alert} leads to no heading of docs/operating.md`);
  const own = tests.filter(({ alertname }) => alertname === alert).map(({ exp_alerts: expected }) => expected.length > 0);
  faults.unless(own.includes(true), `no test sees ${alert} come`);
  faults.unless(own.includes(false), `no test sees ${alert} stay away`);
}

// What somebody has to do for an alert is in its section; a section that names none is nobody's.
for (const { alert } of alerts) {
  faults.unless(read('docs/operating.md').includes(`\`${alert}\``), `docs/operating.md does not name ${alert}`);
}

// The dashboard: panels that can be told apart, explain themselves, and do not cover each other.
const all = panels();
const shown = all.filter(({ type }) => type !== 'row');
faults.unless(new Set(all.map(({ id }) => id)).size === all.length, 'two panels have one id');
faults.unless(new Set(shown.map(({ title }) => title)).size === shown.length, 'two panels have one title');
for (const panel of shown) {
  faults.unless(panel.description && panel.fieldConfig.defaults.unit, `panel "${panel.title}" has no description or no unit`);
  faults.unless(
    [panel, ...panel.targets].every(({ datasource }) => datasource.uid === '${datasource}'),
    `panel "${panel.title}" asks a data source of its own`,
  );
}

const taken = new Set();
for (const { title, gridPos } of all) {
  const { x, y, w, h } = gridPos;
  const cells = Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
  faults.unless(x + w <= 24 && !cells.some((cell) => taken.has(cell)), `panel "${title}" lies on another one`);
  cells.forEach((cell) => taken.add(cell));
}

faults.end(`${alerts.length} alerts, ${shown.length} panels in ${all.length - shown.length} rows of "${dashboard().title}"`);
