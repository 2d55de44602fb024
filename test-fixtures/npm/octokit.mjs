// Uses GitHub's own client for Apps, @octokit/auth-app, from the App's JWT to the end of an installation token.
//
// Standard input, one JSON object: {"api" (root URL), "app_id", "private_key" (PEM), "installation_id", "repository_ids", "permissions",
// "repository" ("owner/name")}. Standard output, one JSON object: {"app" (its slug), "token" (what the client says it got, without the
// token itself), "read" (status of reading the repository), "revoked", "after" (status once revoked)}, or {"error", "message",
// "status"?}. The authorities to trust are NODE_EXTRA_CA_CERTS.
import { text } from 'node:stream/consumers';
import { createAppAuth } from '@octokit/auth-app';
import { request } from '@octokit/request';

const input = JSON.parse(await text(process.stdin));
const [owner, repo] = input.repository.split('/');
const github = request.defaults({ baseUrl: input.api });

async function status(route, parameters) {
  try {
    return (await github(route, parameters)).status;
  } catch (e) {
    if (e.status === undefined) throw e;
    return e.status;
  }
}

async function run() {
  const auth = createAppAuth({ appId: input.app_id, privateKey: input.private_key, request: github });
  const asApp = github.defaults({ request: { hook: auth.hook } });
  const { data: app } = await asApp('GET /app');
  const granted = await auth({
    type: 'installation',
    installationId: input.installation_id,
    repositoryIds: input.repository_ids,
    permissions: input.permissions,
  });
  const { token, ...about } = granted;
  const headers = { authorization: `token ${token}` };
  const read = await status('GET /repos/{owner}/{repo}', { owner, repo, headers });
  const revoked = await status('DELETE /installation/token', { headers });
  const after = await status('GET /repos/{owner}/{repo}', { owner, repo, headers });
  return { app: app.slug, token: about, read, revoked, after };
}

try {
  console.log(JSON.stringify(await run()));
} catch (e) {
  console.log(JSON.stringify({ error: e.name, message: e.message, status: e.status }));
  process.exitCode = 1;
}
