import assert from "node:assert/strict";
import { Keycloak } from "./keycloak.mjs";

const { STAGE_REALM, STAGE_AGENTS } = process.env;
/** A broker obeys what was saved two seconds ago. */
const OBEYED_WITHIN = 2000;
const PAUSE = 250;

/**
 * A realm whose policies a real broker obeys, and the desk that launches agents there and speaks
 * for them. The people: ada administers both, grace looks, eve may do nothing.
 */
export class Stage {
  constructor(keycloak) {
    this.keycloak = keycloak;
    this.realm = STAGE_REALM;
  }

  /** Why there is none; false if there is one. */
  static missing() {
    return STAGE_REALM ? false : "STAGE_REALM names no realm with a broker";
  }

  static async open() {
    return new Stage(await Keycloak.as(STAGE_REALM, "writ-console", "ada"));
  }

  /** Saves policies and waits until the broker must obey them. */
  async policies(policies) {
    for (const policy of policies) {
      await this.keycloak.save(this.realm, policy);
    }
    await obeyed();
  }

  /** Launches an agent, which enrols; the id. */
  async launch(who, launch) {
    return (await desk(`/as/${who}/agents`, launch, 201)).id;
  }

  /** The same as an agent, for its child. */
  async child(parent, launch) {
    return (await desk(`/agents/${parent}/agents`, launch, 201)).id;
  }

  /** An agent asks for a credential: what the broker answers. */
  async ask(agent, detail) {
    const answer = await send(`/agents/${agent}/token`, detail);
    return { status: answer.status, body: await answer.json() };
  }

  /** An agent is given a credential. */
  async given(agent, detail) {
    const { status, body } = await this.ask(agent, detail);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** What the broker says of an agent. */
  async agent(id) {
    return (await fetch(`${STAGE_AGENTS}/as/ada/agents/${id}`)).json();
  }
}

export function obeyed() {
  return new Promise((done) => setTimeout(done, OBEYED_WITHIN + PAUSE));
}

async function desk(path, body, status) {
  const answer = await send(path, body);
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  return JSON.parse(text);
}

function send(path, body) {
  return fetch(STAGE_AGENTS + path, { method: "POST", body: JSON.stringify(body) });
}
