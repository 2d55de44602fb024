// Exchanges a JWT-SVID for an access token (RFC 8693) with a DPoP proof (RFC 9449) through oauth4webapi, verifies the token
// through jose by discovery alone, and, if told to, calls a resource with it.
//
// Standard input, one JSON object: {"issuer", "jwk" (the agent's private key), "subject_token", "parameters": {…}, "audience",
// "resource"?}. The keys come this way because arguments are visible to every process.
// Standard output, one JSON object: {"token_type", "expires_in", "claims", "header", "response", "resource_status"?}, or {"error",
// "message", "status"?, "body"?, "cause"?}. The authorities to trust are NODE_EXTRA_CA_CERTS.
import { text } from 'node:stream/consumers';
import * as jose from 'jose';
import * as oauth from 'oauth4webapi';

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

const input = JSON.parse(await text(process.stdin));
const issuer = new URL(input.issuer);
// Plain http is for fakes on loopback.
const http = { [oauth.allowInsecureRequests]: issuer.protocol === 'http:' };

async function agentKeys(jwk) {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const { d, ...publicJwk } = jwk;
  return {
    privateKey: await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', publicJwk, algorithm, true, ['verify']),
  };
}

async function exchange(server, client, dpop) {
  const parameters = {
    subject_token: input.subject_token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    ...input.parameters,
  };
  const response = await oauth.genericTokenEndpointRequest(
    server, client, oauth.None(), TOKEN_EXCHANGE, parameters, { DPoP: dpop, ...http });
  return oauth.processGenericTokenEndpointResponse(server, client, response);
}

async function verify(token) {
  const discovery = await fetch(`${input.issuer}/.well-known/openid-configuration`);
  const metadata = await discovery.json();
  const keys = jose.createRemoteJWKSet(new URL(metadata.jwks_uri));
  return jose.jwtVerify(token, keys, {
    issuer: input.issuer,
    audience: input.audience,
    typ: 'at+jwt',
    algorithms: ['ES256'],
    requiredClaims: ['exp', 'iat', 'jti', 'sub', 'client_id'],
  });
}

async function run() {
  const client = { client_id: jose.decodeJwt(input.subject_token).sub };
  const dpop = oauth.DPoP(client, await agentKeys(input.jwk));
  const discovery = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...http });
  const server = await oauth.processDiscoveryResponse(issuer, discovery);
  const granted = await exchange(server, client, dpop);
  const { access_token: token, ...response } = granted;
  const { payload, protectedHeader } = await verify(token);
  const result = {
    token_type: granted.token_type,
    expires_in: granted.expires_in,
    claims: payload,
    header: protectedHeader,
    response,
  };
  if (input.resource) {
    const answer = await oauth.protectedResourceRequest(
      token, 'GET', new URL(input.resource), undefined, undefined, { DPoP: dpop, ...http });
    result.resource_status = answer.status;
  }
  return result;
}

try {
  console.log(JSON.stringify(await run()));
} catch (e) {
  console.log(JSON.stringify({
    error: e.error ?? e.code ?? e.name,
    message: e.error_description ?? e.message,
    status: e.status,
    body: e.error ? e.cause : undefined,
    cause: e.error ? undefined : (e.cause?.code ?? e.cause?.message),
  }));
  process.exitCode = 1;
}
