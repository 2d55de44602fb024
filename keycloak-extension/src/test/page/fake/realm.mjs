import { readFileSync } from "node:fs";
import { Refused } from "./refused.mjs";
import * as judge from "./judge.mjs";
import { PERMISSIONS } from "../places.mjs";
import { agents, describe, policies, writs } from "./samples.mjs";

const permissions = JSON.parse(readFileSync(PERMISSIONS, "utf8")).permissions;

/** A realm's policies, settings and agents as the admin REST shows them. */
export class Realm {
  constructor({ filled = true } = {}) {
    this.user = { name: "ada", roles: ["view-realm", "manage-realm"] };
    this.histories = filled ? policies() : new Map();
    this.settings = { broker: { url: "https://writ.example:8443" }, broker_client: "writ-broker" };
    this.agents = filled ? agents() : [];
    this.names = { group: ["platform", "platform/deploy", "security"], user: ["ada", "grace"] };
    this.broker = "ok";
    this.calls = [];
    /** Tests put answers here that are given instead: by "METHOD path". */
    this.instead = new Map();
  }

  rest(call) {
    const { method, path } = call;
    this.calls.push({ ...call, path: path.join("/") });
    const planned = this.instead.get(`${method} ${path.join("/")}`);
    if (planned) {
      return planned(call);
    }
    if (path[0] !== "writ") {
      throw new Refused(403, { error: "HTTP 403 Forbidden" });
    }
    this.may(method === "GET" || ["check", "preview", "impact"].includes(path.at(-1)) ? "view-realm" : "manage-realm");
    const [, what, ...rest] = path;
    switch (what) {
      case "policies":
        return this.policies(call, rest);
      case "suggestions":
        return this.suggest(call.query);
      case "vocabulary":
        return { status: 200, body: vocabulary };
      case "settings":
        return this.setup(call);
      case "agents":
        return this.relay(call, rest);
      default:
        throw new Refused(404, { title: "Not found" });
    }
  }

  may(role) {
    if (!(this.user.roles ?? this.user.hidden ?? []).includes(role)) {
      throw new Refused(403, { error: "HTTP 403 Forbidden" });
    }
  }

  /** Who may see them sees all of them. */
  suggest(query) {
    const search = query.get("search") ?? "";
    return { status: 200, body: { names: this.names[query.get("kind")].filter((name) => name.includes(search.toLowerCase())) } };
  }

  policies(call, [name, ...rest]) {
    const { method, query, body } = call;
    if (name === undefined) {
      return this.list(query);
    }
    if (method === "POST" && name === "check") {
      return { status: 200, body: this.check(body) };
    }
    if (method === "POST" && name === "preview") {
      return { status: 200, body: judge.preview(judge.read(body).policy, body.request) };
    }
    const versions = this.histories.get(name) ?? [];
    if (method === "PUT") {
      return this.save(name, versions, body, this.sound(body));
    }
    if (versions.length === 0) {
      throw new Refused(404, { title: "Not found", detail: `There is no policy ${name}.` });
    }
    if (method === "DELETE") {
      return this.remove(name, versions, query);
    }
    switch (rest[0]) {
      case undefined:
        return { status: 200, body: this.view(name, versions.at(-1)) };
      case "versions":
        return { status: 200, body: rest[1] ? this.view(name, this.version(versions, rest[1])) : { versions: versions.map(({ policy: _, ...row }) => row).reverse() } };
      case "compare":
        return { status: 200, body: this.compare(versions, query) };
      case "restore":
        return this.save(name, versions, { ...body, restored_from: body.version }, this.version(versions, body.version).policy);
      case "impact":
        return { status: 200, body: this.impact(name, versions.at(-1).policy, body) };
    }
  }

  list(query) {
    const search = (query.get("search") ?? "").toLowerCase();
    const all = [...this.histories]
      .map(([name, versions]) => ({ name, ...versions.at(-1) }))
      .filter((row) => row.deleted === false || query.get("deleted") === "true")
      .filter((row) => JSON.stringify([row.name, row.policy]).toLowerCase().includes(search))
      .sort((a, b) => a.name.localeCompare(b.name));
    const first = Number(query.get("first"));
    return {
      status: 200,
      body: { total: all.length, policies: all.slice(first, first + Number(query.get("max"))).map(({ policy, ...row }) => ({ ...row, ...describe(policy), flags: judge.flags(policy) })) },
    };
  }

  check(body) {
    const { policy, problems } = judge.read(body);
    const base = body.base && this.histories.get(body.base)?.at(-1).policy;
    return {
      sound: problems.length === 0,
      problems,
      flags: judge.flags(policy),
      ...(policy && problems.length === 0 ? { policy, yaml: judge.yaml(policy), aws: judge.aws(policy) } : {}),
      changes: base && problems.length === 0 ? judge.changes(base, policy) : [],
    };
  }

  sound(body) {
    const { policy, problems } = judge.read(body);
    if (problems.length > 0) {
      throw new Refused(400, { title: "The policy is not sound", problems });
    }
    return policy;
  }

  save(name, versions, { expected, comment, restored_from }, policy) {
    const last = versions.at(-1);
    if ((last && !last.deleted ? last.version : 0) !== expected && !(last?.deleted && last.version === expected)) {
      throw new Refused(409, {
        title: "Conflict",
        detail: `${name} was saved as version ${last.version} by ${last.author.replace("user:", "")} on 23 November 2026 at 10:00 (${last.comment ?? "no comment"}); you had opened version ${expected}. Compare, then save again.`,
        current: last.version,
      });
    }
    const version = { version: (last?.version ?? 0) + 1, author: `user:${this.user.name}`, at: new Date().toISOString(), comment, deleted: false, policy, restored_from };
    this.histories.set(name, [...versions, version]);
    return { status: last ? 200 : 201, body: this.view(name, version) };
  }

  remove(name, versions, query) {
    const alive = this.live(name).length;
    if (query.get("force") !== "true" && (alive > 0 || this.broker !== "ok")) {
      throw new Refused(409, { title: "Conflict", detail: `${alive} live agents run under ${name}.`, agents: alive });
    }
    const last = versions.at(-1);
    versions.push({ version: last.version + 1, author: `user:${this.user.name}`, at: new Date().toISOString(), comment: query.get("comment") ?? undefined, deleted: true, policy: last.policy });
    return { status: 204 };
  }

  compare(versions, query) {
    const [from, to] = ["from", "to"].map((end) => this.version(versions, query.get(end)));
    return { from: from.version, to: to.version, changes: judge.changes(from.policy, to.policy), from_yaml: judge.yaml(from.policy), to_yaml: judge.yaml(to.policy) };
  }

  impact(name, current, body) {
    const after = body.delete ? undefined : judge.read(body).policy;
    const live = this.broker === "ok" ? this.live(name) : [];
    return {
      changes: after ? judge.changes(current, after) : [],
      agents: live.slice(0, 10).map(({ id, owner, accountable, task, expires_at, launcher }) => ({ id, owner, accountable, task, expires_at, launcher })),
      agents_total: live.length,
      broker: this.broker,
    };
  }

  live(name) {
    return this.agents.filter((agent) => agent.state === "live" && agent.policy.startsWith(`${name}@`));
  }

  version(versions, number) {
    const found = versions.find((one) => one.version === Number(number));
    if (!found) {
      throw new Refused(404, { title: "Not found" });
    }
    return found;
  }

  view(name, version) {
    const current = this.histories.get(name).at(-1) === version;
    return { name, ...version, current, yaml: judge.yaml(version.policy), flags: judge.flags(version.policy) };
  }

  setup({ method, body }) {
    if (method === "PUT") {
      if (body.broker?.url && !/^https:|^http:\/\/(localhost|127)/.test(body.broker.url)) {
        throw new Refused(400, { title: "The settings are not sound", problems: [{ pointer: "/broker/url", message: "Expected https://; http:// on loopback only." }] });
      }
      this.settings = body;
    }
    return { status: 200, body: this.settings };
  }

  relay({ method, query, body }, [id, act]) {
    if (this.broker === "not configured") {
      throw new Refused(409, { title: "Conflict", detail: "No broker is configured for this realm: see its settings.", broker: "not configured" });
    }
    if (this.broker === "unreachable") {
      throw new Refused(502, { title: "The broker does not answer", detail: "https://writ.example:8443 refused the connection." });
    }
    if (this.broker === "not permitted") {
      throw new Refused(409, { title: "Conflict", detail: "The broker can only be asked with a token of this realm.", broker: "not permitted" });
    }
    if (id === undefined) {
      const matches = (agent) => (!query.get("state") || agent.state === query.get("state")) && (!query.get("policy") || agent.policy.startsWith(`${query.get("policy")}@`)) && (!query.get("owner") || agent.owner === query.get("owner"));
      return { status: 200, body: { agents: this.agents.filter(matches) } };
    }
    const agent = this.agents.find((one) => one.id === id);
    if (act === "writs") {
      return { status: 200, body: { writs: writs(id) } };
    }
    if (method === "POST" && act === "kill") {
      Object.assign(agent, { state: "killed", killed: { at: new Date().toISOString(), by: `user:${this.user.name}`, reason: body.reason } });
      return { status: 200, body: { results: [
        { writ: "5f0c1b7e-0000-4000-8000-000000000001", result: "revoked", answer: "GitHub: 204 No Content" },
        { writ: "5f0c1b7e-0000-4000-8000-000000000002", result: "dies_at", dies_at: new Date(Date.now() + 1_500_000).toISOString(), why: "AWS cannot revoke one session; to end it now, deny its aws:SourceIdentity, the agent's UUID, in the account" },
        { writ: "5f0c1b7e-0000-4000-8000-000000000003", result: "unknown", why: "the target did not answer when it was asked" },
      ] } };
    }
    return { status: 200, body: agent };
  }
}

const vocabulary = {
  github_permissions: Object.entries(permissions).map(([name, { levels, reach, description }]) => ({ name, levels, bounded_by_repositories: reach === "repository", description: description ?? `What a token may do with ${name.replaceAll("_", " ")}.` })),
  aws_session_policy_characters: 2048,
  bounds: { lifetime: { agent: "24h", credential: "1h" } },
};
