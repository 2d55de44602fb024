import type { Impact } from "../api/policies";
import { Body, Cell, Head, Row, Table } from "../components/Table";
import { useNow } from "../hooks";
import { Alert } from "../pf";
import { count, left, who } from "../times";

/** The live agents under a policy, or why nobody knows them. */
export function AgentsTouched({ impact }: { impact: Impact }) {
  const now = useNow(1000);
  if (impact.broker !== "ok") {
    const { title, text } = unknown[impact.broker] ?? unknown.unreachable;
    return <Alert isInline variant="warning" component="p" title={title}>So it is not known which agents run under this policy. {text}</Alert>;
  }
  if (impact.agents_total === 0) {
    return <p>No live agent runs under this policy.</p>;
  }
  return (
    <>
      <Table label="Live agents under this policy" compact>
        <Head columns={["Task", "Owner", "Answers for it", "Life left"]} />
        <Body>
          {impact.agents.map((agent) => (
            <Row key={agent.id}>
              <Cell label="Task">{agent.task ?? <code>{agent.id.slice(0, 8)}</code>}</Cell>
              <Cell label="Owner">{agent.owner}</Cell>
              <Cell label="Answers for it">{agent.accountable ? who(agent.accountable) : "nobody"}</Cell>
              <Cell label="Life left">{left(agent.expires_at, now)}</Cell>
            </Row>
          ))}
        </Body>
      </Table>
      {impact.agents_total > impact.agents.length && <p>and {count(impact.agents_total - impact.agents.length, "more agent")}</p>}
    </>
  );
}

const unknown = {
  unreachable: { title: "The broker does not answer", text: "They follow the change as soon as it can reach Keycloak." },
  "not configured": { title: "No broker is configured for this realm", text: "Name the broker under Settings." },
  "not permitted": {
    title: "The broker does not show you all agents",
    text: "Only its admins and auditors see all: who runs the broker can name you, or one of your groups.",
  },
};
