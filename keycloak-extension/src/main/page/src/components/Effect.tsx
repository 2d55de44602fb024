import MinusCircleIcon from "@patternfly/react-icons/dist/esm/icons/minus-circle-icon";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import PencilAltIcon from "@patternfly/react-icons/dist/esm/icons/pencil-alt-icon";
import type { Effect } from "../api/policies";
import { Label } from "../pf";

const looks = {
  wider: { color: "orange", icon: <PlusCircleIcon />, word: "Wider" },
  narrower: { color: "blue", icon: <MinusCircleIcon />, word: "Narrower" },
  other: { color: "grey", icon: <PencilAltIcon />, word: "Other" },
} as const;

/** Whether a change allows more or less: by word, icon and colour. */
export function EffectLabel({ effect }: { effect: Effect }) {
  const { color, icon, word } = looks[effect] ?? looks.other;
  return <Label isCompact color={color} icon={icon}>{word}</Label>;
}
