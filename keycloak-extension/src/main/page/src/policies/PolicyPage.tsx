import { useApi } from "../api/api";
import type { PolicyVersion } from "../api/policies";
import { Refused } from "../components/Refused";
import { Loading } from "../components/Views";
import { useLoad, valueOf } from "../hooks";
import { PageSection } from "../pf";
import { useRoute } from "../routes";
import { Editor } from "./editor/Editor";
import { HistoryTab } from "./history/HistoryTab";
import { PolicyHeader } from "./PolicyHeader";
import { panelOf, PolicyTabs } from "./PolicyTabs";

/** One policy: its editor in three views of one draft, and its history. */
export function PolicyPage({ name }: { name: string }) {
  const { policies } = useApi();
  const [load, reload] = useLoad(name, (signal) => policies.current(name, signal));
  const { parts } = useRoute();
  const current = valueOf(load);
  if (!current) {
    return (
      <>
        <PolicyHeader name={name} />
        <PageSection variant="light">
          {load.state === "failed" ? <Refused refusal={load.refusal} what="the policies" retry={reload} /> : <Loading what={name} />}
        </PageSection>
      </>
    );
  }
  return <Loaded current={current} view={parts[2] ?? ""} rest={parts.slice(3)} reload={reload} />;
}

interface LoadedProps {
  current: PolicyVersion;
  view: string;
  rest: string[];
  reload: () => void;
}

/** The draft outlives a look at the history: the editor stays, and is hidden meanwhile. */
function Loaded({ current, view, rest, reload }: LoadedProps) {
  const { name, version } = current;
  const history = current.deleted || view === "history" || view === "compare";
  return (
    <>
      <PolicyHeader name={name} current={current} changed={reload} />
      <PolicyTabs name={name} view={history ? "history" : view} deleted={current.deleted} />
      {!current.deleted && (
        <div hidden={history} className="writ-waiting">
          <Editor key={version} base={current} view={history ? "" : view} hidden={history} saved={reload} />
        </div>
      )}
      {history && (
        <PageSection variant="light" {...panelOf("history")}>
          <HistoryTab key={version} name={name} current={current} view={view} rest={rest} changed={reload} />
        </PageSection>
      )}
    </>
  );
}
