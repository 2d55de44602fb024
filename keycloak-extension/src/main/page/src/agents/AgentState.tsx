import BanIcon from "@patternfly/react-icons/dist/esm/icons/ban-icon";
import CheckCircleIcon from "@patternfly/react-icons/dist/esm/icons/check-circle-icon";
import ClockIcon from "@patternfly/react-icons/dist/esm/icons/clock-icon";
import type { Agent, AgentState } from "../api/agents";
import { Label } from "../pf";
import { left, moment } from "../times";

const looks = {
  live: { color: "green", icon: <CheckCircleIcon />, word: "live" },
  killed: { color: "red", icon: <BanIcon />, word: "killed" },
  expired: { color: "grey", icon: <ClockIcon />, word: "expired" },
} as const;

export function AgentStateLabel({ state }: { state: AgentState }) {
  const { color, icon, word } = looks[state];
  return <Label color={color} icon={icon}>{word}</Label>;
}

/** Ticks for live agents. */
export function LifeLeft({ agent, now }: { agent: Agent; now: number }) {
  if (agent.state !== "live") {
    return <span className="writ-quiet">none</span>;
  }
  return <time dateTime={agent.expires_at} title={`until ${moment(agent.expires_at)}`} className="writ-ticking">{left(agent.expires_at, now)}</time>;
}
