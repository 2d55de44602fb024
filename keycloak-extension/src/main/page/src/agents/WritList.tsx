import { useApi } from "../api/api";
import type { Writ } from "../api/agents";
import { Body, Cell, Head, Row, Table } from "../components/Table";
import { Ago } from "../components/Time";
import { Loading } from "../components/Views";
import { useLoad } from "../hooks";
import { Alert, Button, Label } from "../pf";
import { left } from "../times";

/** An agent's credentials, newest first. */
export function WritList({ agent, now }: { agent: string; now: number }) {
  const { agents } = useApi();
  const [load, reload] = useLoad(agent, (signal) => agents.writs(agent, signal));
  if (load.state === "loading") {
    return <Loading what="credentials" />;
  }
  if (load.state === "failed") {
    return (
      <Alert isInline variant="warning" component="p" title="The credentials could not be read" actionLinks={<Button variant="link" isInline onClick={reload}>Try again</Button>}>
        {load.refusal.detail || load.refusal.title}
      </Alert>
    );
  }
  if (load.value.writs.length === 0) {
    return <p className="writ-quiet">None so far.</p>;
  }
  return (
    <>
      <Table label="Credentials of this agent" compact>
        <Head columns={["For", "Given", "Ends", "State"]} />
        <Body>
          {load.value.writs.map((writ) => (
            <Row key={writ.writ}>
              <Cell label="For"><What writ={writ} /></Cell>
              <Cell label="Given" className="writ-ticking"><Ago at={writ.issued_at} now={now} /></Cell>
              <Cell label="Ends">{writ.state === "live" ? <span className="writ-ticking">in {left(writ.expires_at, now)}</span> : <Ago at={writ.ended_at ?? writ.expires_at} now={now} />}</Cell>
              <Cell label="State"><Label isCompact color={writ.state === "live" ? "green" : writ.state === "unknown" ? "orange" : "grey"}>{writ.state}</Label></Cell>
            </Row>
          ))}
        </Body>
      </Table>
      {load.value.next && <p className="writ-quiet">Older ones are not shown.</p>}
    </>
  );
}

/** What a credential is good for, in a line for each part. */
function What({ writ }: { writ: Writ }) {
  return (
    <>
      {writ.grant.map((grant, index) => (
        <div key={index}>
          <strong>{writ.target}</strong> <span className="writ-small">{inWords(grant)}</span>
        </div>
      ))}
    </>
  );
}

function inWords(grant: Record<string, unknown>): string {
  const { type: _, ...members } = grant;
  return Object.values(members).map(flat).join(" · ");
}

function flat(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(flat).join(", ");
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).map(([key, member]) => `${key}: ${flat(member)}`).join("; ")
    : String(value);
}
