/** Policies and requests for a realm with a broker, whose targets are stand-ins. */

export const CODE = { type: "github", repositories: ["acme/api"], permissions: { contents: "write" } };
export const OBJECTS = { type: "aws", role: "arn:aws:iam::123456789012:role/agents", allow: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::build-artifacts/*"] }] };
export const READ = { type: "internal", audience: "https://deploy.internal", scopes: ["deploy:read"] };
export const STAGING = { ...READ, scopes: ["deploy:staging"] };

/** Something of each target, for people of the platform team and the orchestrator. */
export function deploys(name) {
  return {
    name,
    description: "Deploys for the platform team",
    lifetime: { agent: "4h", credential: "15m" },
    launch: ["keycloak/group:platform", "keycloak/client:orchestrator", "agent"],
    owners: ["group:platform", "user:ada"],
    delegation: { depth: 2, policies: [name] },
    grants: [
      { github: { account: "acme", repositories: ["acme/api", "acme/web"], permissions: { contents: "write", pull_requests: "write" } } },
      { aws: { role: OBJECTS.role, allow: OBJECTS.allow } },
      { internal: { audience: READ.audience, scopes: ["deploy:read", "deploy:staging"] } },
    ],
  };
}
