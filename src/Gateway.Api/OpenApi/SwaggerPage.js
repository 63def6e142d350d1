// Swagger UI resolves every schema below an operation before it shows it. The API's schemas refer to one another in circles: that takes
// many seconds and hundreds of megabytes. The page shows examples; a schema is looked up by Swagger UI where somebody opens it.
(() => {
  const find = (document, ref) => ref.slice(2).split('/').reduce((node, key) => node?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], document);

  const isSchema = (ref) => ref.startsWith('#/components/schemas/');

  const resolve = (document, node) => {
    if (Array.isArray(node)) return node.map((item) => resolve(document, item));
    if (node === null || typeof node !== 'object') return node;
    if (typeof node.$ref === 'string') return isSchema(node.$ref) ? node : resolve(document, find(document, node.$ref));

    const resolved = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === 'value' || key === 'example' ? value : resolve(document, value)]));

    // What is typed into a field has to be known: a parameter's schema, and the parts of a form.
    if (resolved.in && resolved.schema?.$ref) resolved.schema = find(document, resolved.schema.$ref);
    if (resolved.allOf) Object.assign(resolved, ...resolved.allOf), delete resolved.allOf;
    return resolved;
  };

  const lazySchemas = () => ({
    fn: {
      resolveSubtree: async (document, path) => ({
        spec: resolve(document, path.reduce((node, key) => node?.[key], document)),
        errors: [],
      }),
    },
  });

  addEventListener('DOMContentLoaded', () => {
    SwaggerUIBundle.presets.apis = [SwaggerUIBundle.presets.apis, lazySchemas];
  });
})();
