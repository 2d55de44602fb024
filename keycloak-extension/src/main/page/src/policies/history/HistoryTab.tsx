import type { PolicyVersion } from "../../api/policies";
import { CompareView } from "./CompareView";
import { VersionList } from "./VersionList";
import { VersionView } from "./VersionView";

interface Props {
  name: string;
  current: PolicyVersion;
  view: string;
  rest: string[];
  changed: () => void;
}

/** `history`, `history/3` and `compare/3/7`. */
export function HistoryTab({ name, current, view, rest, changed }: Props) {
  const [first, second] = rest.map(Number);
  if (view === "compare" && first && second) {
    return <CompareView key={rest.join("-")} name={name} from={first} to={second} />;
  }
  if (view === "history" && first) {
    return <VersionView key={first} name={name} version={first} current={current} changed={changed} />;
  }
  return <VersionList name={name} current={current} changed={changed} />;
}
