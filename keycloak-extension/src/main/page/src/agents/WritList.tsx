import { useApi } from "../api/api";
import { Body, Cell, Head, Row, Table } from "../components/Table";
import { Ago } from "../components/Time";
import { Loading } from "../components/Views";
import { useLoad } from "../hooks";
import { Alert, Button, Label } from "../pf";
import { left } from "../times";
import { GoodFor } from "./GoodFor";

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
              <Cell label="For"><GoodFor writ={writ} /></Cell>
              <Cell label="Given"><span className="writ-ticking"><Ago at={writ.issued_at} now={now} /></span></Cell>
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
