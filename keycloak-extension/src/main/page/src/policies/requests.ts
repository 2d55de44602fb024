import type { Policy, Target } from "../model";

export type Fields = Record<string, string>;

interface RequestForm {
  inputs: { name: string; label: string; placeholder: string }[];
  /** One element of authorization_details; what is left empty is not asked for in particular. */
  build: (fields: Fields) => Record<string, unknown>;
}

const EMPTY = "empty: all that is granted there";

export const requestFields: Record<Target, RequestForm> = {
  github: {
    inputs: [
      { name: "repositories", label: "Repositories", placeholder: "acme/api, acme/web" },
      { name: "permissions", label: "Permissions", placeholder: `contents: read, issues: write (${EMPTY})` },
    ],
    build: ({ repositories = "", permissions = "" }) => ({
      type: "github",
      repositories: list(repositories),
      ...some("permissions", Object.fromEntries(list(permissions).map((one) => one.split(/\s*[:=]\s*/, 2)).map(([name, level = "read"]) => [name, level]))),
    }),
  },
  aws: {
    inputs: [
      { name: "role", label: "Role", placeholder: "arn:aws:iam::123456789012:role/agents" },
      { name: "actions", label: "Actions", placeholder: `s3:GetObject, s3:ListBucket (${EMPTY})` },
      { name: "resources", label: "Resources", placeholder: "arn:aws:s3:::build-artifacts/*" },
    ],
    build: ({ role = "", actions = "", resources = "" }) => ({
      type: "aws",
      role: role.trim(),
      ...(actions.trim() || resources.trim() ? { allow: [{ actions: list(actions), resources: list(resources) }] } : {}),
    }),
  },
  internal: {
    inputs: [
      { name: "audience", label: "Audience", placeholder: "https://deploy.internal" },
      { name: "scopes", label: "Scopes", placeholder: `deploy:read (${EMPTY})` },
    ],
    build: ({ audience = "", scopes = "" }) => ({ type: "internal", audience: audience.trim(), ...(list(scopes).length > 0 ? { scopes: list(scopes) } : {}) }),
  },
};

function list(text: string): string[] {
  return text.split(/[,\n]/).map((one) => one.trim()).filter(Boolean);
}

function some(name: string, members: Record<string, unknown>): Record<string, unknown> {
  return Object.keys(members).length > 0 ? { [name]: members } : {};
}

/** Something this policy grants, to begin with. */
export function suggested(target: Target, policy: Policy): Fields {
  for (const grant of policy.grants) {
    if (target === "github" && "github" in grant) {
      const { repositories, account } = grant.github;
      return { repositories: repositories === "*" ? `${account}/` : (repositories[0] ?? ""), permissions: "" };
    }
    if (target === "aws" && "aws" in grant) {
      return { role: grant.aws.role, actions: "", resources: "" };
    }
    if (target === "internal" && "internal" in grant) {
      return { audience: grant.internal.audience, scopes: "" };
    }
  }
  return {};
}
