import { useEditing } from "../editor/editing";
import { Progress } from "../../pf";

/** How much of the session policy that AWS allows this grant takes. */
export function Budget({ index }: { index: number }) {
  const { check, vocabulary } = useEditing();
  const used = check?.aws?.find((grant) => grant.grant === index);
  const limit = used?.limit ?? vocabulary?.aws_session_policy_characters;
  if (!used || !limit) {
    return limit ? (
      <p className="writ-quiet writ-small">AWS allows {limit.toLocaleString("en")} characters for all statements together; they are counted once this grant is sound.</p>
    ) : null;
  }
  const part = used.characters / limit;
  return (
    <Progress
      title="Size of the session policy"
      size="sm"
      value={Math.min(100, part * 100)}
      label={`${used.characters.toLocaleString("en")} of ${limit.toLocaleString("en")} characters`}
      valueText={`${used.characters} of ${limit} characters`}
      variant={part > 1 ? "danger" : part > 0.85 ? "warning" : undefined}
      helperText={part > 1 ? "Too long: AWS refuses it. Use fewer or shorter patterns, or a second grant for another role." : undefined}
    />
  );
}
