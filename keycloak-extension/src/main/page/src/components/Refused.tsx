import DisconnectedIcon from "@patternfly/react-icons/dist/esm/icons/disconnected-icon";
import ExclamationCircleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon";
import LockIcon from "@patternfly/react-icons/dist/esm/icons/lock-icon";
import SearchIcon from "@patternfly/react-icons/dist/esm/icons/search-icon";
import { useApi } from "../api/api";
import type { Refusal } from "../api/http";
import { keepWork } from "../kept";
import { Alert, Button } from "../pf";
import { adminClient } from "../place";
import { Empty } from "./Views";

/** A whole view that could not be loaded: why, and what to do. */
export function Refused({ refusal, what, retry }: { refusal: Refusal; what: string; retry: () => void }) {
  const { place, session } = useApi();
  const again = <Button onClick={retry}>Try again</Button>;
  switch (refusal.status) {
    case 0:
      return <Empty title={refusal.title} icon={DisconnectedIcon} actions={again}>{refusal.detail}</Empty>;
    case 401:
      return (
        <Empty title="Your session has ended" icon={LockIcon} actions={<Button onClick={() => { keepWork(); void session.login(); }}>Log in again</Button>}>
          Log in again to see {what}.
        </Empty>
      );
    case 403:
      return (
        <Empty title={`You may not see ${what}`} icon={LockIcon} actions={place.embedded ? again : <Button variant="link" onClick={() => void session.logout()}>Log in as somebody else</Button>}>
          {session.user ? <><strong>{session.user}</strong> lacks</> : "Your account lacks"} the role <code>view-realm</code> of the realm{" "}
          <strong>{place.realm}</strong>. An admin can give it to you under Users, Role mapping, client roles of{" "}
          <code>{adminClient(place)}</code>; to change policies you need <code>manage-realm</code>.
          {place.login !== place.realm && <> If you have it, the client <code>writ-console</code> of the realm {place.login} lacks it among its scopes.</>}
        </Empty>
      );
    case 404:
      return <Empty title="Not found" icon={SearchIcon} actions={again}>{refusal.detail || `There is nothing like that among ${what}.`}</Empty>;
    default:
      return (
        <Empty title={`Could not load ${what}`} icon={ExclamationCircleIcon} actions={again}>
          {refusal.detail || refusal.title}
        </Empty>
      );
  }
}

/** Something that was tried here and failed; what was typed stays. */
export function Failure({ refusal, title, retry }: { refusal: Refusal; title: string; retry?: () => void }) {
  const { place, session } = useApi();
  const text =
    refusal.status === 401
      ? "Your session has ended. Log in again: what you typed is kept."
      : refusal.status === 403
        ? `Your account may not do this: it needs the role manage-realm of ${adminClient(place)}.`
        : refusal.detail || refusal.title;
  return (
    <Alert variant="danger" isInline title={title} component="h3">
      <p>{text}</p>
      {refusal.problems.length > 0 && (
        <ul className="writ-plain-list">
          {refusal.problems.map((problem) => (
            <li key={problem.pointer + problem.message}>
              {problem.pointer && <code>{problem.pointer}</code>} {problem.message}
            </li>
          ))}
        </ul>
      )}
      {refusal.status === 401 && (
        <Button variant="link" isInline onClick={() => { keepWork(); void session.login(); }}>Log in again</Button>
      )}
      {retry && refusal.status !== 401 && <Button variant="link" isInline onClick={retry}>Try again</Button>}
    </Alert>
  );
}
