import type { ReactNode } from "react";
import DisconnectedIcon from "@patternfly/react-icons/dist/esm/icons/disconnected-icon";
import LockIcon from "@patternfly/react-icons/dist/esm/icons/lock-icon";
import UnpluggedIcon from "@patternfly/react-icons/dist/esm/icons/unplugged-icon";
import { useApi } from "../api/api";
import type { Refusal } from "../api/http";
import { Refused } from "../components/Refused";
import { Empty } from "../components/Views";
import { Button } from "../pf";
import { pageUrl } from "../place";
import { navigate, to } from "../routes";

/** Why the broker's agents cannot be shown, and what to do about it. */
export function BrokerRefused({ refusal, retry }: { refusal: Refusal; retry: () => void }) {
  const { place, session } = useApi();
  const again = <Button onClick={retry}>Try again</Button>;
  const settings = <Button variant="link" onClick={() => navigate(to.settings)}>Settings</Button>;
  switch (refusal.status) {
    case 409:
      return refusal.body.broker === "not permitted" ? <OtherRealm again={again} /> : (
        <Empty title="No broker is configured" icon={UnpluggedIcon} actions={<Button onClick={() => navigate(to.settings)}>Name the broker</Button>}>
          Agents live at the broker. Tell Keycloak where it is, and this list shows them; policies work without that, too: brokers
          fetch them.
        </Empty>
      );
    case 502:
    case 503:
    case 504:
      return (
        <Empty title="The broker does not answer" icon={DisconnectedIcon} actions={<>{again}{settings}</>}>
          {refusal.detail || "Keycloak could not reach the broker that the settings name."} Check that it runs, and that its address and
          CA under Settings are right. Policies can be changed meanwhile; the broker takes them when it is back.
        </Empty>
      );
    case 401:
      return place.login === place.realm ? (
        <Empty title="The broker does not accept your login" icon={LockIcon} actions={<>{again}<Button variant="link" onClick={() => void session.login()}>Log in again</Button></>}>
          Log in again. If that does not help, the broker's configuration must name this realm among its <code>launchers</code>, with the
          audience <code>writ</code>.
        </Empty>
      ) : (
        <OtherRealm again={again} />
      );
    case 404:
      return (
        <Empty title="You may not see agents" icon={LockIcon} actions={again}>
          You see agents that you or your groups own. To see all of them, somebody who runs the
          broker names you or one of your groups among its <code>admins</code> or <code>auditors</code>.
        </Empty>
      );
    default:
      return <Refused refusal={refusal} what="the agents" retry={retry} />;
  }
}

/** An admin of the master realm has no token that a broker of another realm could be shown. */
function OtherRealm({ again }: { again: ReactNode }) {
  const { place } = useApi();
  return (
    <Empty title="The broker shows agents to admins of its own realm" icon={LockIcon} actions={again}>
      You are logged in at the realm <strong>{place.login}</strong>, and the broker accepts logins of <strong>{place.realm}</strong>{" "}
      only. <a href={pageUrl(place.server, place.realm)} target="_blank" rel="noreferrer" className="writ-underlined">Open this page at {place.realm}</a> and log
      in as an admin of that realm. Policies and settings you can change here as well.
    </Empty>
  );
}
