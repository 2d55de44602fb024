import type { ReactNode } from "react";
import { useApi } from "../api/api";
import type { Agent } from "../api/agents";
import { Link } from "../components/Link";
import { At } from "../components/Time";
import { useNow } from "../hooks";
import {
  Button, DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm, Title,
} from "../pf";
import { to } from "../routes";
import { who } from "../times";
import { AgentStateLabel, LifeLeft } from "./AgentState";
import { policyName } from "./AgentList";
import { SidePanel } from "./SidePanel";
import { WritList } from "./WritList";

/** All that is known of one agent, and the credentials it holds. */
export function AgentDetails({ agent, close, kill }: { agent: Agent; close: () => void; kill: () => void }) {
  const now = useNow(1000);
  const { session } = useApi();
  const { context, killed, requested_by: by } = agent;
  return (
    <SidePanel title={agent.task ?? `Agent ${agent.id.slice(0, 8)}`} close={close}>
      <div className="writ-title">
        <AgentStateLabel state={agent.state} />
        {agent.state === "live" && <span><LifeLeft agent={agent} now={now} /> left</span>}
        {agent.state === "live" && <span className="writ-title-end"><Button variant="danger" size="sm" isAriaDisabled={session.mayWrite === false} onClick={kill}>Kill</Button></span>}
      </div>
      <DescriptionList isHorizontal isCompact>
        {killed && <Item term="Killed"><At at={killed.at} /> by {who(killed.by)}{killed.reason && <> — “{killed.reason}”</>}</Item>}
        <Item term="Owner">{agent.owner}</Item>
        <Item term="Answers for it">{agent.accountable ? who(agent.accountable) : "Nobody: it is refused until somebody does"}</Item>
        <Item term="Policy"><Link to={to.policy(policyName(agent.policy))}>{agent.policy}</Link></Item>
        <Item term="Launched">{launched(agent)}</Item>
        {by && <Item term="Wanted by">{who(by.person)}{by.claimed && " (as the launcher says)"}</Item>}
        <Item term={agent.state === "live" ? "Lives until" : "Would live until"}><At at={agent.expires_at} /></Item>
        {agent.parent && <Item term="Parent"><code>{agent.parent}</code></Item>}
        {agent.role && <Item term="Role">{agent.role}</Item>}
        {context && <Item term="Session">{context.harness} <code>{context.session}</code>{context.model && ` (${context.model})`}</Item>}
        {Object.entries(agent.labels ?? {}).map(([name, value]) => <Item key={name} term={name}>{value}</Item>)}
        <Item term="Id"><code>{agent.id}</code></Item>
      </DescriptionList>
      <Title headingLevel="h3" size="md">Credentials it was given</Title>
      <WritList agent={agent.id} now={now} />
    </SidePanel>
  );
}

function launched(agent: Agent): ReactNode {
  return <><At at={agent.launched_at} /> by {agent.launcher}{agent.launched_policy && <> under {agent.launched_policy}</>}</>;
}

function Item({ term, children }: { term: string; children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}
