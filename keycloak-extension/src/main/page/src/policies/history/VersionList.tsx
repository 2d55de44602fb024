import { useState } from "react";
import { useApi } from "../../api/api";
import type { PolicyVersion, VersionRow } from "../../api/policies";
import { Link } from "../../components/Link";
import { Refused } from "../../components/Refused";
import { Body, Cell, Head, Row, Table } from "../../components/Table";
import { At } from "../../components/Time";
import { Loading } from "../../components/Views";
import { useLoad, valueOf } from "../../hooks";
import { Button, Label, Radio } from "../../pf";
import { navigate, to } from "../../routes";
import { who } from "../../times";
import { Restore } from "./Restore";

const PAGE = 50;

/** All versions, newest first; two of them can be compared, an old one restored. */
export function VersionList({ name, current, changed }: { name: string; current: PolicyVersion; changed: () => void }) {
  const { policies, session } = useApi();
  const [max, setMax] = useState(PAGE);
  const [load, reload] = useLoad(`${name} ${max}`, (signal) => policies.versions(name, 0, max, signal));
  const [chosen, setChosen] = useState<{ from?: number; to?: number }>({});
  const [restoring, setRestoring] = useState<number>();
  const rows = valueOf(load)?.versions;
  if (!rows) {
    return load.state === "failed" ? <Refused refusal={load.refusal} what="the history" retry={reload} /> : <Loading what="the history" />;
  }
  const contents = rows.filter((row) => !row.deleted);
  const from = chosen.from ?? contents[1]?.version;
  const until = chosen.to ?? contents[0]?.version;
  return (
    <div className="writ-stack">
      <div className="writ-compare-bar">
        <Button
          variant="secondary"
          isDisabled={from === undefined || until === undefined || from === until}
          onClick={() => navigate(to.policy(name, `compare/${from}/${until}`))}
        >
          {from !== undefined && until !== undefined && from !== until ? `Compare version ${from} with ${until}` : "Compare"}
        </Button>
        <span className="writ-quiet">Choose any two versions in the columns “from” and “to”.</span>
      </div>
      <Table label={`Versions of ${name}`} compact>
        <Head columns={["From", "To", "Version", "When", "Who", "Comment", { label: "Actions", hidden: true }]} />
        <Body>
          {rows.map((row) => (
            <Row key={row.version} className={row.deleted ? "writ-deleted" : ""}>
              {(["from", "to"] as const).map((end) => (
                <Cell key={end} label={end === "from" ? "From" : "To"}>
                  {!row.deleted && (
                    <Radio
                      id={`${end}-${row.version}`}
                      name={`compare-${end}`}
                      aria-label={`Compare ${end} version ${row.version}`}
                      isChecked={(end === "from" ? from : until) === row.version}
                      onChange={() => setChosen({ ...chosen, [end]: row.version })}
                    />
                  )}
                </Cell>
              ))}
              <Cell label="Version" header>{row.deleted ? row.version : <Link to={to.policy(name, `history/${row.version}`)} label={`Version ${row.version}`}>{row.version}</Link>} <Marks row={row} current={current} /></Cell>
              <Cell label="When"><At at={row.at} /></Cell>
              <Cell label="Who">{who(row.author)}</Cell>
              <Cell label="Comment">{row.comment || <span className="writ-quiet">None</span>}</Cell>
              <Cell label="Actions" action>
                {!row.deleted && (row.version !== current.version || current.deleted) && (
                  <Button variant="link" isInline isAriaDisabled={session.mayWrite === false} aria-label={`Restore version ${row.version}`} onClick={() => setRestoring(row.version)}>Restore</Button>
                )}
              </Cell>
            </Row>
          ))}
        </Body>
      </Table>
      {rows.length === max && <div><Button variant="link" onClick={() => setMax(max + PAGE)}>Show older versions</Button></div>}
      {restoring !== undefined && (
        <Restore name={name} version={restoring} current={current} close={() => setRestoring(undefined)} changed={changed} />
      )}
    </div>
  );
}

function Marks({ row, current }: { row: VersionRow; current: PolicyVersion }) {
  return (
    <>
      {row.version === current.version && !row.deleted && <Label isCompact color="green">in force</Label>}
      {row.deleted && <Label isCompact color="red">deleted</Label>}
      {row.restored_from !== undefined && row.restored_from !== null && <Label isCompact color="grey">restored from {row.restored_from}</Label>}
    </>
  );
}
