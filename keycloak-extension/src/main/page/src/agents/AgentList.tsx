import { useEffect, useState } from "react";
import SyncAltIcon from "@patternfly/react-icons/dist/esm/icons/sync-alt-icon";
import { useApi } from "../api/api";
import type { Agent } from "../api/agents";
import { Link } from "../components/Link";
import { Body, Cell, Head, Row, Table } from "../components/Table";
import { Empty, Loading, NothingFound } from "../components/Views";
import { useLoad, useNow, useSettled, valueOf } from "../hooks";
import { Alert, Button, FormSelect, FormSelectOption, TextInput, Toolbar, ToolbarContent, ToolbarItem } from "../pf";
import { to, useRoute } from "../routes";
import { who } from "../times";
import { AgentDetails } from "./AgentDetails";
import { AgentStateLabel, LifeLeft } from "./AgentState";
import { BrokerRefused } from "./BrokerRefused";
import { KillAgent } from "./KillAgent";

const PAGE = 50;
/** The list is read again this often, in milliseconds, while it is seen. */
const REFRESH = 15_000;

/** The broker's agents, as this person may see them. */
export function AgentList() {
  const { agents } = useApi();
  const { query } = useRoute();
  const [owner, setOwner] = useState("");
  const [policy, setPolicy] = useState(query.get("policy") ?? "");
  const [state, setState] = useState("live");
  const [limit, setLimit] = useState(PAGE);
  const asked = useSettled(JSON.stringify({ owner: owner.trim(), policy: policy.trim(), state }), 250);
  const [load, reload] = useLoad(`${asked} ${limit}`, (signal) => agents.list({ ...JSON.parse(asked), limit }, signal));
  const now = useNow(1000);
  const [shown, setShown] = useState<Agent>();
  const [killing, setKilling] = useState<Agent>();
  useEffect(() => {
    const timer = setInterval(() => document.hidden || reload(), REFRESH);
    return () => clearInterval(timer);
  }, [reload]);
  const page = valueOf(load);
  if (load.state === "failed" && (!page || load.refusal.status === 409)) {
    return <BrokerRefused refusal={load.refusal} retry={reload} />;
  }
  const filtered = owner !== "" || policy !== "" || state !== "live";
  const clear = () => { setOwner(""); setPolicy(""); setState("live"); };
  return (
    <>
      <Toolbar>
        <ToolbarContent>
          <ToolbarItem>
            <FormSelect aria-label="State" value={state} onChange={(_, next) => setState(next)}>
              <FormSelectOption value="live" label="Live" />
              <FormSelectOption value="killed" label="Killed" />
              <FormSelectOption value="expired" label="Expired" />
              <FormSelectOption value="" label="All states" />
            </FormSelect>
          </ToolbarItem>
          <ToolbarItem><TextInput aria-label="Owner" placeholder="Owner: group:platform" value={owner} onChange={(_, text) => setOwner(text)} /></ToolbarItem>
          <ToolbarItem><TextInput aria-label="Policy" placeholder="Policy: operator" value={policy} onChange={(_, text) => setPolicy(text)} /></ToolbarItem>
          <ToolbarItem><Button variant="plain" aria-label="Refresh" onClick={reload}><SyncAltIcon aria-hidden="true" /></Button></ToolbarItem>
        </ToolbarContent>
      </Toolbar>
      {load.state === "failed" && <Alert isInline variant="warning" component="p" title={`This list is not fresh: ${load.refusal.detail || load.refusal.title}`} />}
      {!page && <Loading what="agents" />}
      {page && page.agents.length === 0 && (filtered ? <NothingFound what="agents" clear={clear} /> : <NoAgents />)}
      {page && page.agents.length > 0 && (
        <div aria-busy={load.state === "loading"}>
          <Rows agents={page.agents} now={now} show={setShown} kill={setKilling} />
          {page.next && <Button variant="link" onClick={() => setLimit(limit + PAGE)}>Show more agents</Button>}
        </div>
      )}
      {shown && <AgentDetails agent={shown} close={() => setShown(undefined)} kill={() => setKilling(shown)} />}
      {killing && <KillAgent agent={killing} close={() => setKilling(undefined)} killed={() => { setShown(undefined); reload(); }} />}
    </>
  );
}

function NoAgents() {
  return (
    <Empty title="No agent is running">
      Agents appear here as soon as they are launched: by people with <code>writ agent launch</code>, by orchestrators over the
      broker's API. You see the agents that you own, and all of them if the broker counts you among its admins or auditors.
    </Empty>
  );
}

interface RowsProps {
  agents: Agent[];
  now: number;
  show: (agent: Agent) => void;
  kill: (agent: Agent) => void;
}

function Rows({ agents, now, show, kill }: RowsProps) {
  const { session } = useApi();
  return (
    <Table label="Agents" compact>
      <Head columns={["Agent", "Owner", "Answers for it", "Policy", "Life left", "State", { label: "Actions", hidden: true }]} />
      <Body>
        {agents.map((agent) => (
          <Row key={agent.id}>
            <Cell label="Agent" header>
              <Button variant="link" isInline onClick={() => show(agent)}>{agent.task ?? agent.id.slice(0, 8)}</Button>
              <div className="writ-quiet writ-small"><code>{agent.id.slice(0, 8)}</code>{agent.parent && " · child"}</div>
            </Cell>
            <Cell label="Owner">{agent.owner}</Cell>
            <Cell label="Answers for it">{agent.accountable ? who(agent.accountable) : <span className="writ-quiet">Nobody</span>}</Cell>
            <Cell label="Policy"><Link to={to.policy(policyName(agent.policy))}>{agent.policy}</Link></Cell>
            <Cell label="Life left"><LifeLeft agent={agent} now={now} /></Cell>
            <Cell label="State"><AgentStateLabel state={agent.state} /></Cell>
            <Cell label="Actions" action>
              {agent.state === "live" && <Button variant="link" isDanger isInline isAriaDisabled={session.mayWrite === false} aria-label={`Kill ${agent.task ?? agent.id}`} onClick={() => kill(agent)}>Kill</Button>}
            </Cell>
          </Row>
        ))}
      </Body>
    </Table>
  );
}

/** `operator@7` without the version. */
export function policyName(label: string): string {
  return label.split("@")[0] ?? label;
}
