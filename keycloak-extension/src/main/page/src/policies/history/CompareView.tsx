import { useApi } from "../../api/api";
import { Changes, summary } from "../../components/Changes";
import { Link } from "../../components/Link";
import { Refused } from "../../components/Refused";
import { Loading } from "../../components/Views";
import { useLoad } from "../../hooks";
import { Title } from "../../pf";
import { to as routeTo } from "../../routes";
import { Lines } from "./Lines";

/** What one version says and another one does not. */
export function CompareView({ name, from, to }: { name: string; from: number; to: number }) {
  const { policies } = useApi();
  const [load, reload] = useLoad(`${name} ${from} ${to}`, (signal) => policies.compare(name, from, to, signal));
  return (
    <div className="writ-stack">
      <Link to={routeTo.policy(name, "history")}>Back to the history</Link>
      <Title headingLevel="h2" size="lg">Version {from} compared with version {to}</Title>
      {load.state === "loading" && <Loading what="the comparison" />}
      {load.state === "failed" && <Refused refusal={load.refusal} what="the versions" retry={reload} />}
      {load.state === "there" && (
        <>
          <p>{summary(load.value.changes)}</p>
          <Changes changes={load.value.changes} />
          <Title headingLevel="h3" size="md">As text</Title>
          <Lines before={load.value.from_yaml} after={load.value.to_yaml} />
        </>
      )}
    </div>
  );
}
