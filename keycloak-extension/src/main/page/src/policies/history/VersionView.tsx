import { useState } from "react";
import { useApi } from "../../api/api";
import type { PolicyVersion } from "../../api/policies";
import { FlagAlerts } from "../../components/Flags";
import { Link } from "../../components/Link";
import { Refused } from "../../components/Refused";
import { At } from "../../components/Time";
import { Loading } from "../../components/Views";
import { useLoad } from "../../hooks";
import { Button, Label, Title } from "../../pf";
import { navigate, to } from "../../routes";
import { who } from "../../times";
import { Restore } from "./Restore";

interface Props {
  name: string;
  version: number;
  current: PolicyVersion;
  changed: () => void;
}

/** A policy as it was. */
export function VersionView({ name, version, current, changed }: Props) {
  const { policies, session } = useApi();
  const [load, reload] = useLoad(`${name} ${version}`, (signal) => policies.version(name, version, signal));
  const [restoring, setRestoring] = useState(false);
  if (load.state === "loading") {
    return <Loading what={`version ${version}`} />;
  }
  if (load.state === "failed") {
    return <Refused refusal={load.refusal} what="the versions" retry={reload} />;
  }
  const one = load.value;
  const inForce = version === current.version && !current.deleted;
  return (
    <div className="writ-stack">
      <Link to={to.policy(name, "history")}>Back to the history</Link>
      <div className="writ-title">
        <Title headingLevel="h2" size="lg">Version {version}</Title>
        {inForce && <Label color="green">in force</Label>}
        <span className="writ-quiet"><At at={one.at} /> by {who(one.author)}{one.comment && <> — “{one.comment}”</>}</span>
      </div>
      {!inForce && (
        <div className="writ-buttons">
          <Button variant="secondary" isAriaDisabled={session.mayWrite === false} onClick={() => setRestoring(true)}>Restore this version</Button>
          {!current.deleted && <Button variant="link" onClick={() => navigate(to.policy(name, `compare/${version}/${current.version}`))}>Compare with version {current.version}</Button>}
        </div>
      )}
      <FlagAlerts flags={one.flags ?? []} />
      <pre className="writ-code" tabIndex={0} role="region" aria-label={`Version ${version} as YAML`}>{one.yaml}</pre>
      {restoring && <Restore name={name} version={version} current={current} close={() => setRestoring(false)} changed={changed} />}
    </div>
  );
}
