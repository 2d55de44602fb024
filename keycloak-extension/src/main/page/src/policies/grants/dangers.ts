import type { Statement } from "../../model";

/** Services whose actions give away authority. */
const GIVING = ["sts", "iam"];

/**
 * Whether the field for the reason is offered before the server demands it. The server judges; this
 * only saves the admin one round.
 */
export function isDangerous({ actions, resources }: Statement): boolean {
  return actions.some(openAction) || resources.some(openResource);
}

function openAction(action: string): boolean {
  const [service = "", name] = action.toLowerCase().split(":");
  return action === "*" || (name !== undefined && (service.includes("*") || GIVING.includes(service)));
}

function openResource(resource: string): boolean {
  const service = resource.split(":")[2];
  return resource === "*" || (service !== undefined && service.includes("*"));
}
