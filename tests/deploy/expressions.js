import { parser } from '@prometheus-io/lezer-promql';
import { read, readJson, readYaml } from './repository.js';

const DASHBOARD = 'deploy/grafana/gateway.json';
const RULES = 'deploy/prometheus/rules.yaml';
const ADAPTER = 'deploy/kubernetes/monitored/prometheus-adapter.yaml';
const METRICS = 'docs/telemetry.md';

export const dashboard = () => readJson(DASHBOARD);
export const rules = () => readYaml(RULES).groups.flatMap((group) => group.rules);
export const adapterRules = () => readYaml(ADAPTER).rules.custom;
export const panels = () => dashboard().panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);

/** What Grafana fills in: a time for the step, and "all" for each variable that people choose from. */
function filled(expression, variables) {
  const all = variables.reduce((text, { name, allValue }) => text.replaceAll(`$${name}`, allValue), expression);
  return all.replaceAll('$__rate_interval', '1m');
}

/** Every PromQL expression of the dashboard, the rules and the adapter: `{ where, text }`. */
export function expressions() {
  const variables = dashboard().templating.list.filter(({ type }) => type === 'query');
  const ofPanels = panels().flatMap((panel) =>
    (panel.targets ?? []).map(({ expr }) => ({ where: `panel "${panel.title}"`, text: filled(expr, variables) })),
  );
  const ofVariables = variables.map(({ name, definition }) => ({
    where: `variable ${name}`,
    text: filled(definition.match(/^label_values\((.*), *\w+\)$/)[1], variables),
  }));
  const ofRules = rules().map((rule) => ({ where: `rule ${rule.alert ?? rule.record}`, text: rule.expr }));
  // Labels of Kubernetes' own are not here to be matched.
  const ofAdapter = adapterRules().map(({ seriesQuery }) => ({ where: 'the adapter', text: seriesQuery.replace(/\{.*\}/, '') }));
  return [...ofPanels, ...ofVariables, ...ofRules, ...ofAdapter];
}

function nodes(text, visit) {
  parser.parse(text).iterate({ enter: (node) => visit(node, text.slice(node.from, node.to)) });
}

/** The selectors of an expression, as they are written. */
export function selectors(text) {
  const found = [];
  nodes(text, (node, part) => {
    if (node.name === 'VectorSelector') found.push(part);
  });
  return found;
}

/** Whether PromQL knows what it says. */
export function isPromQl(text) {
  let sound = true;
  nodes(text, (node) => {
    sound &&= !node.type.isError;
  });
  return sound;
}

/** The names in the first column of the tables of metrics, as they are there: `gateway.requests.active`. */
export function documentedMetrics() {
  const tables = read(METRICS).split(/^\| metric \|.*\n/m).slice(1);
  const rows = tables.flatMap((table) => table.split('\n\n')[0].split('\n'));
  return rows.flatMap((row) => [...row.split('|')[1].matchAll(/`([^`]+)`/g)].map(([, name]) => name));
}
