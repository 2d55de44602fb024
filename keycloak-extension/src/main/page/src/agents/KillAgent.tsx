import { useState } from "react";
import CheckCircleIcon from "@patternfly/react-icons/dist/esm/icons/check-circle-icon";
import ClockIcon from "@patternfly/react-icons/dist/esm/icons/clock-icon";
import ExclamationTriangleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon";
import { useApi } from "../api/api";
import type { Agent, KillResult, Writ } from "../api/agents";
import { Failure } from "../components/Refused";
import { Body, Cell, Head, Row, Table } from "../components/Table";
import { useDoing } from "../hooks";
import { Alert, Button, Checkbox, Form, FormGroup, Label, Modal, TextInput } from "../pf";
import { count, moment } from "../times";
import { GoodFor } from "./GoodFor";

interface Props {
  agent: Agent;
  close: () => void;
  killed: () => void;
}

/** The held credential is not known where it was that of a child, or could not be read. */
type Ended = KillResult & { held: Writ | undefined };

/** Ends an agent after asking, then says what became of each credential it held. */
export function KillAgent({ agent, close, killed }: Props) {
  const { agents } = useApi();
  const [reason, setReason] = useState("");
  const [tree, setTree] = useState(true);
  const [results, setResults] = useState<Ended[]>();
  const { busy, refusal, run } = useDoing();
  const name = agent.task ?? agent.id;
  const kill = () =>
    run(async () => {
      const { results: ended } = await agents.kill(agent.id, reason.trim(), tree);
      const { writs } = await agents.writs(agent.id).catch(() => ({ writs: [] }));
      setResults(ended.map((one) => ({ ...one, held: writs.find(({ writ }) => writ === one.writ) })));
    });
  if (results) {
    const done = () => { close(); killed(); };
    return (
      <Modal isOpen variant="medium" title={`“${name}” is dead`} onClose={done} actions={[<Button key="done" onClick={done}>Done</Button>]}>
        <Results results={results} />
      </Modal>
    );
  }
  return (
    <Modal
      isOpen
      variant="small"
      title={`Kill “${name}”?`}
      titleIconVariant="warning"
      onClose={close}
      actions={[
        <Button key="kill" variant="danger" onClick={kill} isLoading={busy} isDisabled={busy}>Kill</Button>,
        <Button key="cancel" variant="link" onClick={close}>Cancel</Button>,
      ]}
    >
      <div className="writ-stack">
        <p>From now on it gets no credential anywhere, and neither do the agents it launched. This cannot be undone.</p>
        {refusal && <Failure refusal={killRefusal(refusal)} title="It was not killed" />}
        <Form onSubmit={(event) => { event.preventDefault(); kill(); }}>
          <FormGroup label="Reason" fieldId="kill-reason">
            <TextInput id="kill-reason" value={reason} onChange={(_, text) => setReason(text)} placeholder="It pushes to the wrong repository" maxLength={200} />
          </FormGroup>
          <Checkbox
            id="kill-tree"
            label="Also end what the agents below it hold"
            description="Otherwise their credentials live on to their ends, within the hour."
            isChecked={tree}
            onChange={(_, on) => setTree(on)}
          />
        </Form>
      </div>
    </Modal>
  );
}

/** The broker answers 404 to who may not: there, that is no lack of a Keycloak role. */
function killRefusal<T extends { status: number }>(refusal: T): T {
  return refusal.status === 404
    ? Object.assign(Object.create(refusal) as T, { detail: "The broker does not let you kill this agent. Its owner, its launcher and the broker's admins can." })
    : refusal;
}

const looks = {
  revoked: { color: "green", icon: <CheckCircleIcon />, word: "ended" },
  dies_at: { color: "gold", icon: <ClockIcon />, word: "ends by itself" },
  unknown: { color: "red", icon: <ExclamationTriangleIcon />, word: "not known yet" },
} as const;

function Results({ results }: { results: Ended[] }) {
  if (results.length === 0) {
    return <Alert isInline variant="success" component="p" title="It held no credential" />;
  }
  const ended = results.filter((one) => one.result === "revoked").length;
  return (
    <div className="writ-stack">
      <p role="status">{count(results.length, "credential")}: {ended} ended at once, {results.length - ended} not.</p>
      <Table label="What became of its credentials" compact>
        <Head columns={["Credential", "Result", "Which means"]} />
        <Body>
          {results.map((one) => {
            const { color, icon, word } = looks[one.result];
            return (
              <Row key={one.writ}>
                <Cell label="Credential">{one.held ? <GoodFor writ={one.held} /> : <code>{one.writ}</code>}</Cell>
                <Cell label="Result"><Label color={color} icon={icon}>{word}</Label></Cell>
                <Cell label="Which means">{meaning(one)}</Cell>
              </Row>
            );
          })}
        </Body>
      </Table>
    </div>
  );
}

function meaning({ result, answer, dies_at: at, why }: KillResult): string {
  switch (result) {
    case "revoked":
      return answer ?? "The target took it back.";
    case "dies_at":
      return `Ends ${at ? moment(at) : "at its end"}${why ? `: ${why}` : ""}.`;
    case "unknown":
      return `${why ?? "The target did not answer"}. It is tried again until that is final.`;
  }
}
