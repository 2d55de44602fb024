// Cuts GitHub's published OpenAPI description down to the paths that FakeGitHub serves, and takes out what says nothing about
// shapes (descriptions, examples). To take a newer one:
//
//   npm pack @octokit/openapi@VERSION && tar xzf octokit-openapi-VERSION.tgz
//   node prune-openapi.mjs package > ../src/test/resources/dev/writ/fixtures/github/openapi.json
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PATHS = {
  '/app': ['get'],
  '/app/installations': ['get'],
  '/app/installations/{installation_id}': ['get', 'delete'],
  '/app/installations/{installation_id}/access_tokens': ['post'],
  '/app/installations/{installation_id}/suspended': ['put', 'delete'],
  '/installation/repositories': ['get'],
  '/installation/token': ['delete'],
  '/orgs/{org}/installation': ['get'],
  '/rate_limit': ['get'],
  '/repos/{owner}/{repo}': ['get'],
  '/repos/{owner}/{repo}/contents/{path}': ['get', 'put'],
  '/repos/{owner}/{repo}/installation': ['get'],
  '/repos/{owner}/{repo}/pulls': ['get'],
  '/users/{username}/installation': ['get'],
};
const SAYS_NOTHING = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'tags']);

const folder = process.argv[2];
const whole = JSON.parse(readFileSync(join(folder, 'generated/api.github.com.json'), 'utf8'));
const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** A copy without what says nothing; `named` marks an object whose keys are names chosen by its author. */
function lean(value, named = false) {
  if (Array.isArray(value)) return value.map((item) => lean(item));
  if (value === null || typeof value !== 'object') return value;
  const kept = {};
  for (const [key, inner] of Object.entries(value)) {
    if (!named && (SAYS_NOTHING.has(key) || key.startsWith('x-'))) {
      // A response must have a description.
      if (key === 'description' && value.content === undefined && value.schema === undefined && !value.type) kept[key] = '';
      continue;
    }
    kept[key] = lean(inner, !named && ['properties', 'responses', 'schemas', 'parameters', 'headers', 'content'].includes(key));
  }
  return kept;
}

const at = (pointer) => pointer.slice(2).split('/').reduce((node, key) => node[key], whole);

/** Takes along everything that is referred to. */
function follow(value, components) {
  if (value === null || typeof value !== 'object') return;
  if (typeof value.$ref === 'string') {
    const [, kind, item] = value.$ref.slice(2).split('/');
    components[kind] ??= {};
    if (components[kind][item] === undefined) {
      components[kind][item] = lean(at(value.$ref));
      if (kind === 'responses') components[kind][item].description = '';
      follow(components[kind][item], components);
    }
  }
  Object.values(value).forEach((inner) => follow(inner, components));
}

const paths = {};
const components = {};
for (const [path, methods] of Object.entries(PATHS)) {
  paths[path] = {};
  for (const method of methods) {
    const operation = lean(whole.paths[path][method]);
    for (const response of Object.values(operation.responses)) if (!response.$ref) response.description = '';
    paths[path][method] = operation;
  }
}
follow(paths, components);

console.log(JSON.stringify({
  openapi: whole.openapi,
  info: {
    title: whole.info.title,
    version: whole.info.version,
    license: whole.info.license,
    'x-source': `npm ${name} ${version}, generated/api.github.com.json, cut down by test-fixtures/npm/prune-openapi.mjs`,
    'x-notice': readFileSync(join(folder, 'LICENSE'), 'utf8').trim(),
  },
  servers: whole.servers,
  paths,
  components,
}, null, 1));
